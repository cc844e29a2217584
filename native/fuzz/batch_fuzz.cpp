// Drives strips side by side with whatever the bytes say: who is listed, parameters, genres, block sizes, samples, nonsense.
// Promise checked: the bits of twins that go alone; refusals change nothing.
#include <algorithm>

#include "ai_mixer_core.h"
#include "fuzz_input.h"

namespace {

using aim_fuzz::FuzzInput;
using aim_fuzz::require;

constexpr uint32_t kStrips = 10;
constexpr uint32_t kMaxFrames = 400;
constexpr uint64_t kMaxTotalFrames = 40000;

struct Twins {
    aim_strip* together = nullptr;
    aim_strip* alone = nullptr;
    uint32_t channels = 1;
};

class Session {
public:
    explicit Session(FuzzInput& input) : input_(input) {
        require(aim_batch_create(kStrips, &batch_) == AIM_OK, "a batch is made");
        const uint32_t kind = input_.below(3);
        for (Twins& twins : twins_) {
            aim_strip_config config;
            aim_strip_config_init(&config);
            config.channels = kind < 2 ? kind + 1 : 1 + input_.below(2);
            config.max_frames = kMaxFrames;
            config.sample_rate_hz = input_.byte() < 240 ? 48000 : 8000;
            config.meters = 0;
            twins.channels = config.channels;
            require(aim_strip_create(&config, &twins.together) == AIM_OK, "a strip is made");
            require(aim_strip_create(&config, &twins.alone) == AIM_OK, "a strip is made");
        }
    }
    ~Session() {
        aim_batch_destroy(batch_);
        for (const Twins& twins : twins_) {
            aim_strip_destroy(twins.together);
            aim_strip_destroy(twins.alone);
        }
    }

    void run() {
        for (uint64_t total = 0; !input_.empty() && total < kMaxTotalFrames;) {
            switch (input_.below(8)) {
            case 0:
            case 1:
                set();
                break;
            case 2:
                set_genre();
                break;
            case 3:
                reset();
                break;
            case 4:
                refuse();
                break;
            default:
                total += process();
                break;
            }
        }
    }

private:
    Twins& any() { return twins_[input_.below(kStrips)]; }

    void set() {
        Twins& twins = any();
        aim_parameter_info info;
        aim_parameter_info_at(static_cast<int32_t>(input_.below(static_cast<uint32_t>(aim_parameter_count()))), &info);
        const float share = static_cast<float>(input_.byte()) / 255.0f;
        const float value = std::min(info.minimum + share * (info.maximum - info.minimum), info.maximum);
        const aim_status status = aim_strip_set_parameter(twins.together, info.id, value);
        require(aim_strip_set_parameter(twins.alone, info.id, value) == status, "twins are treated alike");
    }

    void set_genre() {
        Twins& twins = any();
        const int32_t genre = static_cast<int32_t>(input_.below(static_cast<uint32_t>(aim_profile_count())));
        aim_strip_set_genre(twins.together, genre);
        aim_strip_set_genre(twins.alone, genre);
    }

    void reset() {
        Twins& twins = any();
        aim_strip_reset(twins.together);
        aim_strip_reset(twins.alone);
    }

    void refuse() {
        float samples[4] = {};
        float* const at[] = {samples, samples, samples, samples};
        aim_strip* const twice[] = {twins_[0].together, twins_[1].together, twins_[0].together};
        aim_strip* const missing[] = {twins_[0].together, nullptr, twins_[1].together};
        require(aim_batch_process_interleaved(batch_, twice, 3, at, at, 1) == AIM_ERROR_OUT_OF_RANGE, "none twice");
        require(aim_batch_process_interleaved(batch_, missing, 3, at, at, 1) == AIM_ERROR_NULL_ARGUMENT, "all there");
        require(aim_batch_process_interleaved(batch_, twice, kStrips + 1, at, at, 1) == AIM_ERROR_OUT_OF_RANGE,
                "not more");
        require(aim_batch_process_interleaved(batch_, twice, 2, at, at, kMaxFrames + 1) == AIM_ERROR_TOO_MANY_FRAMES,
                "not longer");
    }

    uint32_t process() {
        const uint32_t frames = input_.below(kMaxFrames + 1);
        const uint32_t listed = input_.raw<uint16_t>();
        std::vector<std::vector<float>> expected;
        std::vector<std::vector<float>> samples;
        std::vector<aim_strip*> strips;
        for (uint32_t i = 0; i < kStrips; ++i) {
            if (((listed >> i) & 1) == 0) continue;
            std::vector<float> block(static_cast<size_t>(frames) * twins_[i].channels + 1);
            const uint32_t written = 1 + input_.below(48);
            for (size_t k = 0; k < block.size(); ++k) block[k] = k < written ? input_.sample() : block[k - written];
            samples.push_back(block);
            expected.push_back(block);
            strips.push_back(twins_[i].together);
            float* const alone = expected.back().data();
            require(aim_strip_process_interleaved(twins_[i].alone, alone, alone, frames) == AIM_OK, "processing works");
        }
        std::vector<float*> at;
        for (std::vector<float>& block : samples) at.push_back(block.data());
        require(aim_batch_process_interleaved(batch_, strips.data(), static_cast<uint32_t>(strips.size()), at.data(),
                                              at.data(), frames) == AIM_OK,
                "processing side by side works");
        for (size_t i = 0; i < samples.size(); ++i) {
            require(std::memcmp(samples[i].data(), expected[i].data(), samples[i].size() * sizeof(float)) == 0,
                    "side by side has the bits of one by one");
        }
        return frames;
    }

    FuzzInput& input_;
    aim_batch* batch_ = nullptr;
    Twins twins_[kStrips];
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    FuzzInput input(data, size);
    Session(input).run();
    return 0;
}
