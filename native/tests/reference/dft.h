// A double-precision DFT for the instruments: iterative radix 2 (Cooley, Tukey 1965).
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace aim_test {

using Spectrum = std::vector<std::complex<double>>;

inline size_t power_of_two_from(size_t count) {
    size_t size = 1;
    while (size < count) size *= 2;
    return size;
}

// In place; the length must be a power of two. Not scaled, in either direction.
inline void dft(Spectrum& data, bool inverse = false) {
    const size_t size = data.size();
    for (size_t i = 1, j = 0; i < size; ++i) {
        size_t bit = size >> 1;
        for (; (j & bit) != 0; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(data[i], data[j]);
    }
    const double direction = inverse ? 2 * std::numbers::pi : -2 * std::numbers::pi;
    Spectrum twiddle(size / 2);
    for (size_t i = 0; i < size / 2; ++i) {
        const double angle = direction * static_cast<double>(i) / static_cast<double>(size);
        twiddle[i] = {std::cos(angle), std::sin(angle)};
    }
    for (size_t length = 2; length <= size; length *= 2) {
        const size_t stride = size / length;
        for (size_t start = 0; start < size; start += length) {
            for (size_t i = 0; i < length / 2; ++i) {
                const std::complex<double> low = data[start + i];
                const std::complex<double> turned = data[start + i + length / 2];
                const std::complex<double> w = twiddle[i * stride];
                const std::complex<double> high(turned.real() * w.real() - turned.imag() * w.imag(),
                                                turned.real() * w.imag() + turned.imag() * w.real());
                data[start + i] = low + high;
                data[start + i + length / 2] = low - high;
            }
        }
    }
}

// Modified Bessel function of the first kind, order 0, by its power series.
inline double bessel_i0(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

}  // namespace aim_test
