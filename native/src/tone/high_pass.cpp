#include "tone/high_pass.h"

namespace aim {

void HighPass::prepare(const Spec& spec) {
    set_target(Parameters{});
    band_.prepare(spec);
}

void HighPass::set_target(const Parameters& target) {
    band_.set_target({target.enabled ? 1.0f : 0.0f, (float)log2_f64((double)target.frequency_hz), 0.0f});
}

}  // namespace aim
