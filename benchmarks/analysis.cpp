// The FFT against FFTW, the MFCCs against aubio; mono.
#include "ai_mixer_core.h"
#include "compare.h"

#if defined(AIM_HAVE_FFTW)
#include <fftw3.h>
#endif
#if defined(AIM_HAVE_AUBIO)
#include <aubio/aubio.h>
#endif

namespace compare {
namespace {

constexpr uint32_t kSize = 1024;
constexpr uint32_t kHop = 480;
constexpr uint32_t kBands = 26;
constexpr uint32_t kCoefficients = 13;
constexpr uint32_t kTransforms = 100'000;
constexpr uint32_t kMfccFrames = 20'000;

// Mean time of process(first sample of a stretch of kSize samples), in microseconds.
template <class Process>
void time_stretches(const char* name, const Signal& signal, uint32_t count, Process&& process) {
    const std::vector<float>& samples = signal.planar[0];
    size_t at = 0;
    const double start = cpu_ns();
    for (uint32_t i = 0; i < count; ++i) {
        process(samples.data() + at);
        at = at + kHop + kSize <= samples.size() ? at + kHop : 0;
    }
    report(name, (cpu_ns() - start) / (1e3 * count));
}

}  // namespace

void analysis(const Signal& signal) {
    std::vector<float> spectrum(kSize + 2);
    aim_fft* fft = nullptr;
    if (aim_fft_create(kSize, &fft) != AIM_OK) return;
    time_stretches("fft_us", signal, kTransforms, [&](const float* x) { aim_fft_forward(fft, x, spectrum.data()); });
    aim_fft_destroy(fft);

#if defined(AIM_HAVE_FFTW)
    std::vector<float> scratch(kSize);
    fftwf_plan plan = fftwf_plan_dft_r2c_1d((int)kSize, scratch.data(), (fftwf_complex*)spectrum.data(),
                                            FFTW_MEASURE | FFTW_PRESERVE_INPUT);
    time_stretches("fftw_us", signal, kTransforms, [&](const float* x) {
        fftwf_execute_dft_r2c(plan, const_cast<float*>(x), (fftwf_complex*)spectrum.data());
    });
    fftwf_destroy_plan(plan);
#endif

    aim_mfcc_config config;
    aim_mfcc_config_init(&config);
    config.window = kSize;
    config.hop = kHop;
    config.fft_size = kSize;
    config.mel_bands = kBands;
    config.coefficients = kCoefficients;
    aim_mfcc* mfcc = nullptr;
    if (aim_mfcc_create(&config, &mfcc) != AIM_OK) return;
    float coefficients[2 * kCoefficients];
    uint32_t frames = 0;
    time_stretches("mfcc_us", signal, kMfccFrames, [&](const float* x) {
        aim_mfcc_process(mfcc, x, kHop, coefficients, nullptr, nullptr, 2, &frames);
    });
    aim_mfcc_destroy(mfcc);

#if defined(AIM_HAVE_AUBIO)
    aubio_pvoc_t* vocoder = new_aubio_pvoc(kSize, kHop);
    aubio_mfcc_t* peer = new_aubio_mfcc(kSize, kBands, kCoefficients, kRateHz);
    aubio_mfcc_set_mel_coeffs(peer, 20.0f, 20000.0f);
    cvec_t* grain = new_cvec(kSize);
    fvec_t* result = new_fvec(kCoefficients);
    time_stretches("aubio_mfcc_us", signal, kMfccFrames, [&](const float* x) {
        fvec_t input = {kHop, const_cast<float*>(x)};
        aubio_pvoc_do(vocoder, &input, grain);
        aubio_mfcc_do(peer, grain, result);
    });
    del_fvec(result);
    del_cvec(grain);
    del_aubio_mfcc(peer);
    del_aubio_pvoc(vocoder);
#endif
}

}  // namespace compare
