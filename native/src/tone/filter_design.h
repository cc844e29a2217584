// Second-order filters whose digital magnitude follows the analogue prototype.
//
// Everything is a magnitude squared over T = tan^2(w/2), where it is a ratio of two quadratics with positive values. Five
// numbers decide it: they are solved so that the response equals the analogue one at 0 Hz and at four more frequencies.
// Taking the square root back to a filter is then exact and free of cancellation, because the trapezoidal state-variable
// filter lives in the same variable. The idea of matching magnitudes is that of M. Vicanek, "Matched Second Order
// Digital Filters" (2016); matching numerator and denominator together in T is ours and an order of magnitude nearer.
#pragma once

#include "base/section.h"

namespace aim {

// Analogue prototypes are those of R. Bristow-Johnson's "Audio EQ Cookbook". The frequency may lie above half the
// sample rate: the part of the analogue curve below it is still followed.

// Shelf of second order, Q = 1/sqrt(2), half the gain in dB at `frequency_hz`.
FilterDesign low_shelf(double frequency_hz, double gain_db, double sample_rate_hz);
FilterDesign high_shelf(double frequency_hz, double gain_db, double sample_rate_hz);

// Bell; Q as in the cookbook, so boost and cut of the same size are mirror images.
FilterDesign bell(double frequency_hz, double gain_db, double q, double sample_rate_hz);

}  // namespace aim
