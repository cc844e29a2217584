#include "base/elementary.h"

namespace aim {
namespace {

double from_bits(uint64_t bits) {
    double x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

uint64_t to_bits(double x) {
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

// Nearest integer for |x| < 2^51, by the rounding of the addition itself.
double nearest(double x) {
    const double rounder = 6755399441055744.0;  // 1.5 * 2^52
    return (x + rounder) - rounder;
}

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kLog2E = 1.44269504088896340736;

// sin and cos on [-pi/4, pi/4]: Taylor series, whose next terms lie below 1e-17 there.
double sin_small(double x) {
    const double z = x * x;
    double p = 1.0 / 355687428096000.0;
    p = p * z - 1.0 / 1307674368000.0;
    p = p * z + 1.0 / 6227020800.0;
    p = p * z - 1.0 / 39916800.0;
    p = p * z + 1.0 / 362880.0;
    p = p * z - 1.0 / 5040.0;
    p = p * z + 1.0 / 120.0;
    p = p * z - 1.0 / 6.0;
    return x + x * (z * p);
}

double cos_small(double x) {
    const double z = x * x;
    double p = 1.0 / 20922789888000.0;
    p = p * z - 1.0 / 87178291200.0;
    p = p * z + 1.0 / 479001600.0;
    p = p * z - 1.0 / 3628800.0;
    p = p * z + 1.0 / 40320.0;
    p = p * z - 1.0 / 720.0;
    p = p * z + 1.0 / 24.0;
    p = p * z - 0.5;
    return 1.0 + z * p;
}

// sin(x + quarter_turns * pi / 2).
double sin_turned(double x, int64_t quarter_turns) {
    // pi/2 in three parts of 33 bits: the product with a small integer is exact in the first two.
    const double q = nearest(x * (2.0 / kPi));
    double r = x - q * 1.57079632673412561417e+00;
    r = r - q * 6.07710050630396597660e-11;
    r = r - q * 2.02226624879595063154e-21;
    const int64_t quadrant = ((int64_t)q + quarter_turns) & 3;
    const double value = (quadrant & 1) != 0 ? cos_small(r) : sin_small(r);
    return (quadrant & 2) != 0 ? -value : value;
}

}  // namespace

double exp2_f64(double x) {
    x = x > 1000.0 ? 1000.0 : x;
    x = x > -1000.0 ? x : -1000.0;
    const double whole = nearest(x);
    const double t = (x - whole) * kLn2;
    // e^t for |t| <= ln(2)/2: Taylor series to t^14 / 14!.
    double p = 1.0 / 87178291200.0;
    p = p * t + 1.0 / 6227020800.0;
    p = p * t + 1.0 / 479001600.0;
    p = p * t + 1.0 / 39916800.0;
    p = p * t + 1.0 / 3628800.0;
    p = p * t + 1.0 / 362880.0;
    p = p * t + 1.0 / 40320.0;
    p = p * t + 1.0 / 5040.0;
    p = p * t + 1.0 / 720.0;
    p = p * t + 1.0 / 120.0;
    p = p * t + 1.0 / 24.0;
    p = p * t + 1.0 / 6.0;
    p = p * t + 0.5;
    p = p * t + 1.0;
    p = p * t + 1.0;
    return p * from_bits((uint64_t)((int64_t)whole + 1023) << 52);
}

double exp_f64(double x) { return exp2_f64(x * kLog2E); }

double log2_f64(double x) {
    if (!(x > 0.0)) return -1000.0;
    double exponent = 0.0;
    if (x < 2.2250738585072014e-308) {
        x = x * 18014398509481984.0;  // 2^54: out of the denormals
        exponent = -54.0;
    }
    if (x > 1.7976931348623157e308) x = 1.7976931348623157e308;
    // Mantissa in [sqrt(1/2), sqrt(2)).
    const uint64_t sqrt_half = 0x3fe6a09e667f3bcdULL;
    const uint64_t bits = to_bits(x);
    const int64_t offset = (int64_t)(bits - sqrt_half);
    const int64_t whole = offset >= 0 ? offset >> 52 : -((-offset + 0xfffffffffffffLL) >> 52);
    const double m = from_bits(bits - ((uint64_t)whole << 52));
    exponent = exponent + (double)whole;
    // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716: series to s^19 / 19.
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    double p = 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    const double ln = 2.0 * (s + s * (z * p));
    return exponent + ln * kLog2E;
}

double sin_f64(double x) { return sin_turned(x, 0); }
double cos_f64(double x) { return sin_turned(x, 1); }

double db_from_amplitude(double amplitude, double silence_db) {
    const double db = kDbPerOctave * log2_f64(amplitude);
    return db > silence_db ? db : silence_db;
}

double db_from_power(double power, double silence_db) {
    const double db = 0.5 * kDbPerOctave * log2_f64(power);
    return db > silence_db ? db : silence_db;
}

}  // namespace aim
