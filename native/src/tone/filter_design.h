// Second-order filters whose digital magnitude follows the analogue prototype.
//
// Everything is a magnitude squared over T = tan^2(w/2), where it is a ratio of two quadratics with positive values. Five
// numbers decide it: they are solved so that the response equals the analogue one at 0 Hz and at four more frequencies.
// Taking the square root back to a filter is then exact and free of cancellation, because the trapezoidal state-variable
// filter lives in the same variable. The idea of matching magnitudes is that of M. Vicanek, "Matched Second Order
// Digital Filters" (2016); matching numerator and denominator together in T is ours and an order of magnitude nearer.
#pragma once

#include <cstdint>

namespace aim {

// A trapezoidal state-variable filter: output = input_mix * x + band_mix * band-pass + low_mix * low-pass, where
// band-pass = s / (1 + k s + s^2) and low-pass = 1 / (1 + k s + s^2).
struct FilterDesign {
    double g = 0.0;
    double k = 0.0;
    double input_mix = 1.0;
    double band_mix = 0.0;
    double low_mix = 0.0;
};

// Analogue prototypes are those of R. Bristow-Johnson's "Audio EQ Cookbook". The frequency may lie above half the
// sample rate: the part of the analogue curve below it is still followed.

// Shelf of second order, Q = 1/sqrt(2), half the gain in dB at `frequency_hz`.
FilterDesign low_shelf(double frequency_hz, double gain_db, double sample_rate_hz);
FilterDesign high_shelf(double frequency_hz, double gain_db, double sample_rate_hz);

// Bell; Q as in the cookbook, so boost and cut of the same size are mirror images.
FilterDesign bell(double frequency_hz, double gain_db, double q, double sample_rate_hz);

// Butterworth high-pass of second order, blended with its input: wet 1 is the filter, 0 the input. Bilinear with the
// corner in place: exact at 0 Hz, at the corner and towards the top, which is where a high-pass has to be right.
FilterDesign high_pass(double frequency_hz, double wet, double sample_rate_hz);

}  // namespace aim
