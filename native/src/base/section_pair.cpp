#include "base/section_pair.h"

namespace aim {

SectionPairBlock make_pair_block(const FilterDesign& first, const FilterDesign& second) {
    // Running both on the eight unit inputs gives the eight columns: four states, four frames.
    SectionPairBlock block;
    for (int column = 0; column < 8; ++column) {
        SectionProbe probe_1;
        SectionProbe probe_2;
        if (column < 4) (column < 2 ? probe_1 : probe_2).start[column % 2] = 1.0;
        for (int frame = 0; frame < 4; ++frame) {
            const double y = probe_2.run(second, probe_1.run(first, column == frame + 4 ? 1.0 : 0.0));
            for (int channel = 0; channel < 2; ++channel) {
                const int lane = 2 * (frame % 2) + channel;
                if (frame >= 2) {
                    block.late[column][lane] = (float)y;
                } else if (column < 6) {
                    block.early[column][lane] = (float)y;
                }
            }
        }
        for (int lane = 0; lane < 4; ++lane) {
            block.change_second[column][lane] = (float)probe_2.change[lane / 2];
            // The second section's states do not act on the first.
            if (column == 2 || column == 3) continue;
            block.change_first[column < 2 ? column : column - 2][lane] = (float)probe_1.change[lane / 2];
        }
    }
    return block;
}

}  // namespace aim
