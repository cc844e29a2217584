#include "base/section_octets.h"

namespace aim {
namespace {

void in_both(float (&column)[8], int lane, float weight) { column[lane] = column[lane + 4] = weight; }

// Running the sections on the unit states and unit inputs gives the columns. run(probes, x) yields an output.
template <int states, class Run>
SectionOctets<states> octets_of(Run&& run) {
    SectionOctets<states> octets;
    for (int column = 0; column < states + 8; ++column) {
        SectionProbe probes[2];
        if (column < states) probes[column / 2].start[column % 2] = 1.0;
        for (int frame = 0; frame < 8; ++frame) {
            const float y = (float)run(probes, column == states + frame ? 1.0 : 0.0);
            if (frame >= 4) {
                in_both(octets.late[column], frame - 4, y);
            } else if (column < states + 4) {
                in_both(octets.early[column], frame, y);
            }
        }
        for (int lane = 0; lane < 4; ++lane) {
            in_both(octets.change[column], lane, (float)probes[lane % states / 2].change[lane % 2]);
        }
        if (column >= states) {
            const int input = column - states;
            in_both(octets.band_change[input / 4], input % 4, (float)probes[0].change[0]);
            in_both(octets.low_change[input / 4], input % 4, (float)probes[0].change[1]);
        }
    }
    return octets;
}

}  // namespace

SectionOctets<2> make_octets(const FilterDesign& design) {
    return octets_of<2>([&](SectionProbe* probes, double x) { return probes[0].run(design, x); });
}

SectionOctets<4> make_octets(const FilterDesign& first, const FilterDesign& second) {
    return octets_of<4>([&](SectionProbe* probes, double x) { return probes[1].run(second, probes[0].run(first, x)); });
}

}  // namespace aim
