/* ai_mixer_core.h: the C interface of the AI Mixer core.
 *
 * The only door into the core. Compiles as C99 and as C++17.
 *
 * Conventions
 *   - Every function that can fail returns an aim_status: 0 is success, errors are negative. A failed call changes
 *     nothing and, unless its comment says otherwise, writes nothing.
 *   - Audio is 32-bit float, full scale +/-1.0, planar (one pointer per channel) or interleaved. A frame is one sample
 *     of every channel. Input and output may be the same buffer; they must not overlap in any other way.
 *   - [control thread]: allocates or frees; never while another call on the same handle runs.
 *   - [audio thread]:   real-time safe (no allocation, lock, log, system call); one thread at a time per handle.
 *   - [any thread]:     may run at the same time as any other call on the handle, except its destruction.
 *   - Configuration structs start with struct_size; fill them with their _init function, then change what you need.
 *   - Same input, same settings: the same output bits on every platform, for any split of the stream into calls.
 */
#ifndef AI_MIXER_CORE_H
#define AI_MIXER_CORE_H

#include <stdint.h>

#if defined(AIM_STATIC)
#define AIM_API
#elif defined(_WIN32)
#if defined(AIM_BUILDING_CORE)
#define AIM_API __declspec(dllexport)
#else
#define AIM_API __declspec(dllimport)
#endif
#else
#define AIM_API __attribute__((visibility("default")))
#endif

#if defined(__cplusplus)
#define AIM_NOEXCEPT noexcept
extern "C" {
#else
#define AIM_NOEXCEPT
#endif

/** Version of this binary interface. Compare with aim_abi_version() before any other call. */
#define AIM_ABI_VERSION 1

/** Lowest sample rate accepted, in Hz. */
#define AIM_SAMPLE_RATE_MIN 8000
/** Highest sample rate accepted, in Hz. */
#define AIM_SAMPLE_RATE_MAX 192000
/** Most channels accepted. */
#define AIM_CHANNELS_MAX 2
/** Sample magnitude above which input counts as damaged (+60 dBFS) and is replaced by silence. */
#define AIM_SAMPLE_LIMIT 1000
/** Value of a level in dB, LUFS, dBTP or dBFS when there is nothing but silence (minus infinity made finite). */
#define AIM_SILENCE_DB (-200)

/* ---------------------------------------------------------------------------------------------- status */

/** Result of a call: one of aim_status_code. The numbers are pinned. */
typedef int32_t aim_status;

/** The status codes. */
enum aim_status_code {
    /** Done. */
    AIM_OK = 0,
    /** A required pointer was NULL. */
    AIM_ERROR_NULL_ARGUMENT = -1,
    /** A value lies outside its allowed range, is not finite or makes no sense. */
    AIM_ERROR_OUT_OF_RANGE = -2,
    /** struct_size is zero or belongs to a newer interface than this library knows. */
    AIM_ERROR_STRUCT_SIZE = -3,
    /** No parameter has this id. */
    AIM_ERROR_UNKNOWN_PARAMETER = -4,
    /** The call is not allowed in the handle's present state, for example a set-up parameter after processing began. */
    AIM_ERROR_STATE = -5,
    /** Memory could not be had. */
    AIM_ERROR_OUT_OF_MEMORY = -6,
    /** More frames than max_frames were passed in one call. */
    AIM_ERROR_TOO_MANY_FRAMES = -7,
    /** The buffer given for results is too small. */
    AIM_ERROR_BUFFER_TOO_SMALL = -8,
    /** The snapshot is damaged, or was written by another version or for another configuration. */
    AIM_ERROR_SNAPSHOT = -9
};

/** Version of the binary interface the library was built with: AIM_ABI_VERSION at that time. [any thread] */
AIM_API int32_t aim_abi_version(void) AIM_NOEXCEPT;

/** Version of the library, such as "1.0.0". Static storage. [any thread] */
AIM_API const char* aim_version_string(void) AIM_NOEXCEPT;

/** Compiler, runtime identifier, instruction set and build kind of the library, one line of text, such as
 *  "GNU 12.2.0, linux-x64, x86-64-v3, Release". On x86-64 the library holds a build for processors with AVX2 (v3) and one
 *  for those without (v2) and takes what fits when it is loaded; with AIM_INSTRUCTION_SET=v2 in the environment, the
 *  second. Both give the same bits. Static storage. [any thread] */
AIM_API const char* aim_build_info(void) AIM_NOEXCEPT;

/** What a status code means, in one English sentence. Static storage; never NULL. [any thread] */
AIM_API const char* aim_status_message(aim_status status) AIM_NOEXCEPT;

/* ------------------------------------------------------------------------------------------ parameters */

/** The parameters of a channel strip. The numbers are stable for ever; ranges never shrink. */
enum aim_parameter_id {
    /** bypass: 1 passes the input through, delayed by the latency; crossfaded. */
    AIM_PARAM_BYPASS = 1,

    /** input.gain_db: gain in front of the chain. A bypassed input does not get it. */
    AIM_PARAM_INPUT_GAIN_DB = 10,

    /** high_pass.enabled: second-order Butterworth high-pass in front of the chain. */
    AIM_PARAM_HIGH_PASS_ENABLED = 100,
    /** high_pass.frequency_hz: its -3 dB frequency. */
    AIM_PARAM_HIGH_PASS_FREQUENCY_HZ = 101,

    /** leveler.enabled: rides the level towards the loudness target, in front of the dynamics. */
    AIM_PARAM_LEVELER_ENABLED = 110,
    /** leveler.target_lufs: the loudness target; relative thresholds refer to it. */
    AIM_PARAM_LEVELER_TARGET_LUFS = 111,
    /** leveler.max_boost_db: most that it turns up. */
    AIM_PARAM_LEVELER_MAX_BOOST_DB = 112,
    /** leveler.max_cut_db: most that it turns down. */
    AIM_PARAM_LEVELER_MAX_CUT_DB = 113,
    /** leveler.rise_db_per_s: speed of turning up. */
    AIM_PARAM_LEVELER_RISE_DB_PER_S = 114,
    /** leveler.fall_db_per_s: speed of turning down. */
    AIM_PARAM_LEVELER_FALL_DB_PER_S = 115,
    /** leveler.freeze_below_db: it stands still while the loudness lies this far below the target. */
    AIM_PARAM_LEVELER_FREEZE_BELOW_DB = 116,
    /** leveler.limiter_allowance_db: a longer average limiter reduction than this lowers the target (guard rail). */
    AIM_PARAM_LEVELER_LIMITER_ALLOWANCE_DB = 117,
    /** leveler.mono_offset_db: added to the target of mono programme. */
    AIM_PARAM_LEVELER_MONO_OFFSET_DB = 118,

    /** gate.enabled */
    AIM_PARAM_GATE_ENABLED = 200,
    /** gate.threshold_db: peak level at which the gate opens, dBFS. */
    AIM_PARAM_GATE_THRESHOLD_DB = 201,
    /** gate.hysteresis_db: it closes this far below the threshold. */
    AIM_PARAM_GATE_HYSTERESIS_DB = 202,
    /** gate.range_db: gain while closed. */
    AIM_PARAM_GATE_RANGE_DB = 203,
    /** gate.attack_ms: time from closed to fully open. */
    AIM_PARAM_GATE_ATTACK_MS = 204,
    /** gate.hold_ms: time it stays open after the level fell. */
    AIM_PARAM_GATE_HOLD_MS = 205,
    /** gate.release_ms: time from open to fully closed. */
    AIM_PARAM_GATE_RELEASE_MS = 206,
    /** gate.ratio: output dB per input dB below the threshold, as a downward expander; 100 is a gate. */
    AIM_PARAM_GATE_RATIO = 207,
    /** gate.above_floor_db: keeps the threshold at least this far above the noise floor; 0 does not follow the floor. */
    AIM_PARAM_GATE_ABOVE_FLOOR_DB = 208,
    /** gate.threshold_relative: 1 when the threshold is relative to the loudness target. */
    AIM_PARAM_GATE_THRESHOLD_RELATIVE = 209,

    /** de_esser.enabled */
    AIM_PARAM_DE_ESSER_ENABLED = 250,
    /** de_esser.split_hz: sibilance lies above. */
    AIM_PARAM_DE_ESSER_SPLIT_HZ = 251,
    /** de_esser.threshold_db: above the band's own mean of the last seconds. */
    AIM_PARAM_DE_ESSER_THRESHOLD_DB = 252,
    /** de_esser.ratio: input dB per output dB above the threshold. */
    AIM_PARAM_DE_ESSER_RATIO = 253,
    /** de_esser.range_db: most that it turns the band down. */
    AIM_PARAM_DE_ESSER_RANGE_DB = 254,

    /** compressor.enabled */
    AIM_PARAM_COMPRESSOR_ENABLED = 300,
    /** compressor.threshold_db: centre of the knee, dBFS peak. */
    AIM_PARAM_COMPRESSOR_THRESHOLD_DB = 301,
    /** compressor.ratio: input dB per output dB above the threshold. */
    AIM_PARAM_COMPRESSOR_RATIO = 302,
    /** compressor.knee_db: width of the soft knee. */
    AIM_PARAM_COMPRESSOR_KNEE_DB = 303,
    /** compressor.attack_ms: time constant (63.2 %) of rising gain reduction. */
    AIM_PARAM_COMPRESSOR_ATTACK_MS = 304,
    /** compressor.release_ms: time constant (63.2 %) of falling gain reduction. */
    AIM_PARAM_COMPRESSOR_RELEASE_MS = 305,
    /** compressor.makeup_db: gain after compression. */
    AIM_PARAM_COMPRESSOR_MAKEUP_DB = 306,
    /** compressor.side_chain_hz: high-pass in front of the detector; 0 is off. */
    AIM_PARAM_COMPRESSOR_SIDE_CHAIN_HZ = 307,
    /** compressor.wet_percent: share of the compressed signal, the rest is the input. */
    AIM_PARAM_COMPRESSOR_WET_PERCENT = 308,
    /** compressor.threshold_relative: 1 when the threshold is relative to the loudness target. */
    AIM_PARAM_COMPRESSOR_THRESHOLD_RELATIVE = 309,

    /** eq.enabled */
    AIM_PARAM_EQ_ENABLED = 400,
    /** eq.low_frequency_hz: midpoint of the low shelf. */
    AIM_PARAM_EQ_LOW_FREQUENCY_HZ = 401,
    /** eq.low_gain_db */
    AIM_PARAM_EQ_LOW_GAIN_DB = 402,
    /** eq.mid_frequency_hz: centre of the bell. */
    AIM_PARAM_EQ_MID_FREQUENCY_HZ = 403,
    /** eq.mid_gain_db */
    AIM_PARAM_EQ_MID_GAIN_DB = 404,
    /** eq.mid_q: quality of the bell. */
    AIM_PARAM_EQ_MID_Q = 405,
    /** eq.high_frequency_hz: midpoint of the high shelf. */
    AIM_PARAM_EQ_HIGH_FREQUENCY_HZ = 406,
    /** eq.high_gain_db */
    AIM_PARAM_EQ_HIGH_GAIN_DB = 407,

    /** saturator.enabled */
    AIM_PARAM_SATURATOR_ENABLED = 450,
    /** saturator.drive_db: gain into the curve, taken back behind it. */
    AIM_PARAM_SATURATOR_DRIVE_DB = 451,
    /** saturator.wet_percent: share of the saturated signal. */
    AIM_PARAM_SATURATOR_WET_PERCENT = 452,
    /** saturator.even_percent: share of even harmonics: 0 a symmetric curve, 100 an asymmetric one. */
    AIM_PARAM_SATURATOR_EVEN_PERCENT = 453,

    /** stereo.enabled */
    AIM_PARAM_STEREO_ENABLED = 470,
    /** stereo.width: gain of the side signal; 1 leaves it alone. */
    AIM_PARAM_STEREO_WIDTH = 471,
    /** stereo.width_above_hz: the width applies above. */
    AIM_PARAM_STEREO_WIDTH_ABOVE_HZ = 472,
    /** stereo.mono_below_hz: the side signal is taken away below; 0 is off. */
    AIM_PARAM_STEREO_MONO_BELOW_HZ = 473,

    /** limiter.enabled */
    AIM_PARAM_LIMITER_ENABLED = 500,
    /** limiter.input_gain_db: gain in front of the limiter, what drives a programme to its loudness target. */
    AIM_PARAM_LIMITER_INPUT_GAIN_DB = 501,
    /** limiter.threshold_db: level at which it starts to act, dBFS or dBTP. */
    AIM_PARAM_LIMITER_THRESHOLD_DB = 502,
    /** limiter.ceiling_db: level the output never exceeds, dBFS or dBTP. */
    AIM_PARAM_LIMITER_CEILING_DB = 503,
    /** limiter.lookahead_ms: how far ahead it sees. Part of the latency: a set-up parameter. */
    AIM_PARAM_LIMITER_LOOKAHEAD_MS = 504,
    /** limiter.release_ms: time constant (63.2 %) of falling reduction, 1 - gain, once its hold of 12.5 ms is over. */
    AIM_PARAM_LIMITER_RELEASE_MS = 505,
    /** limiter.true_peak: 1 limits the peaks between the samples too (dBTP), 0 the samples only. */
    AIM_PARAM_LIMITER_TRUE_PEAK = 506
};

/** What a parameter's number means, for display and for morphing. The numbers are pinned. */
enum aim_unit {
    /** A switch: 0 or 1. */
    AIM_UNIT_BOOLEAN = 0,
    /** Decibels. */
    AIM_UNIT_DECIBEL = 1,
    /** Milliseconds. */
    AIM_UNIT_MILLISECOND = 2,
    /** Hertz. */
    AIM_UNIT_HERTZ = 3,
    /** n:1, input change over output change. */
    AIM_UNIT_RATIO = 4,
    /** Quality factor of a filter. */
    AIM_UNIT_Q = 5,
    /** Loudness, LUFS. */
    AIM_UNIT_LUFS = 6,
    /** Decibels per second. */
    AIM_UNIT_DECIBEL_PER_SECOND = 7,
    /** Per cent. */
    AIM_UNIT_PERCENT = 8,
    /** A plain factor. */
    AIM_UNIT_FACTOR = 9
};

/** Flags of a parameter. */
enum aim_parameter_flag {
    /** Can be set only before the first process() after create or reset, because the latency depends on it. */
    AIM_PARAMETER_SETUP = 1
};

/** One row of the parameter table. */
typedef struct aim_parameter_info {
    /** One of aim_parameter_id. */
    int32_t id;
    /** One of aim_unit. */
    int32_t unit;
    /** Any of aim_parameter_flag, added up. */
    int32_t flags;
    /** Lowest value accepted. */
    float minimum;
    /** Highest value accepted. */
    float maximum;
    /** Value of a fresh strip: the neutral profile. */
    float default_value;
    /** Stable text id, such as "compressor.threshold_db". Static storage. */
    const char* key;
    /** Name for people, such as "Compressor threshold". Static storage. */
    const char* name;
    /** Unit for people, such as "dB"; empty for switches. Static storage. */
    const char* unit_label;
} aim_parameter_info;

/** Number of rows in the parameter table. [any thread] */
AIM_API int32_t aim_parameter_count(void) AIM_NOEXCEPT;

/** Copies row `index` (0 to count - 1) of the parameter table to *info. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_parameter_info_at(int32_t index, aim_parameter_info* info) AIM_NOEXCEPT;

/** Writes the id of the parameter whose text id is `key` (NUL-terminated) to *id. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_UNKNOWN_PARAMETER. */
AIM_API aim_status aim_parameter_find(const char* key, int32_t* id) AIM_NOEXCEPT;

/* -------------------------------------------------------------------------------------------- profiles */

/** The genres, each with a mix profile. The numbers are pinned. */
enum aim_genre {
    /** No genre: the neutral profile, every parameter at its default. */
    AIM_GENRE_NEUTRAL = 0,
    /** Clarity and de-essing. */
    AIM_GENRE_SPEECH = 1,
    /** Punch, compression, presence. */
    AIM_GENRE_ROCK = 2,
    /** Warmth and natural dynamics. */
    AIM_GENRE_JAZZ = 3,
    /** Tight low end and stereo width. */
    AIM_GENRE_ELECTRONIC = 4,
    /** Minimal processing. */
    AIM_GENRE_CLASSICAL = 5,
    /** For aim_strip_set_genre: the strip listens to its input and follows what it recognises. */
    AIM_GENRE_AUTO = -2
};

/** What gives a whole file its level, when a profile with its leveler on is asked for. The numbers are pinned. */
enum aim_whole_file_level {
    /** The leveler rides it, as it does live. */
    AIM_WHOLE_FILE_LEVELER = 0,
    /** One gain for the whole file, which keeps its dynamics; the leveler is off. */
    AIM_WHOLE_FILE_ONE_GAIN = 1
};

/** A built-in mix profile. */
typedef struct aim_profile_info {
    /** One of aim_genre. */
    int32_t genre;
    /** Version of the profile's values. */
    int32_t version;
    /** Its name, such as "rock". Static storage. */
    const char* name;
    /** What it is for, in one sentence. Static storage. */
    const char* description;
    /** One of aim_whole_file_level: for whoever mixes whole files; a strip does not ask. */
    int32_t whole_file_level;
} aim_profile_info;

/** Number of built-in profiles; their genres are 0 to count - 1. [any thread] */
AIM_API int32_t aim_profile_count(void) AIM_NOEXCEPT;

/** Copies what is known of the profile of `genre` to *info. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_profile_info_of(int32_t genre, aim_profile_info* info) AIM_NOEXCEPT;

/** Writes the value that the profile of `genre` gives to a parameter to *value. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_UNKNOWN_PARAMETER. */
AIM_API aim_status aim_profile_value(int32_t genre, int32_t id, float* value) AIM_NOEXCEPT;

/* --------------------------------------------------------------------------------- genre recognition */

/** Number of genres that can be recognised; wherever they are listed: speech, rock, jazz, electronic, classical. */
#define AIM_GENRE_COUNT 5
/** Coefficients of an MFCC frame that the recognition takes. */
#define AIM_GENRE_COEFFICIENTS 13
/** Decisions that are remembered. */
#define AIM_GENRE_EVENTS_MAX 32

/** What the recognition makes of a stream. From 0 on the numbers are those of aim_genre; all are pinned. */
enum aim_genre_state {
    /** Silence, or far below what was heard before: nothing changes. */
    AIM_GENRE_STATE_SILENCE = -1,
    /** Not sure, or not yet: the neutral profile. */
    AIM_GENRE_STATE_UNKNOWN = 0,
    /** Speech. */
    AIM_GENRE_STATE_SPEECH = 1,
    /** Rock. */
    AIM_GENRE_STATE_ROCK = 2,
    /** Jazz. */
    AIM_GENRE_STATE_JAZZ = 3,
    /** Electronic music. */
    AIM_GENRE_STATE_ELECTRONIC = 4,
    /** Classical music. */
    AIM_GENRE_STATE_CLASSICAL = 5
};

/** Why a genre was decided. The numbers are pinned. */
enum aim_genre_rule {
    /** A kind of music led by 0.15 and had at least 0.50 for 1 s as the first genre of a stream, 0.65 for 1.5 s later, 0.75
     *  for 3 s to replace another kind of music. */
    AIM_GENRE_RULE_LEADS = 1,
    /** Speech led by 0.15 and had at least 0.60, 0.50 as the first genre of a stream, for 0.5 s; at once when nothing held. */
    AIM_GENRE_RULE_SPEAKS = 2,
    /** For 3 s no genre reached 0.30, or the one that held had less than 0.10; when speech held, for 1 s, less than 0.20:
     *  unknown. */
    AIM_GENRE_RULE_UNSURE = 3,
    /** The caller has forbidden the genre that held: unknown. */
    AIM_GENRE_RULE_FORBIDDEN = 4
};

/** What a stream is recognised as. */
typedef struct aim_genre_reading {
    /** Frames heard since reset; on a strip, since it began to listen. */
    uint64_t frames;
    /** Decisions since then: the sequence number of the last one, 0 before the first. */
    uint64_t decisions;
    /** Frames heard at the last decision, 0 before the first. */
    uint64_t last_decision_frame;
    /** One of aim_genre_state. */
    int32_t state;
    /** The genre that holds, one of aim_genre: the state's, or during silence the one before. */
    int32_t genre;
    /** Smoothed probability of the genre that holds, or, while that is neutral, of the likeliest; 0 to 1. */
    float confidence;
    /** Smoothed probabilities, weighted as the caller wants, adding up to 1; all 0 before the first. */
    float probabilities[AIM_GENRE_COUNT];
    /** Highest sample magnitude of the mono mix in the last 0.5 s, dBFS; AIM_SILENCE_DB for silence. */
    float peak_dbfs;
    /** 1 while it listens; 0 on a strip whose genre is not AIM_GENRE_AUTO: then nothing above changes. */
    int32_t listening;
} aim_genre_reading;

/** A decision: the genre that holds has changed. */
typedef struct aim_genre_event {
    /** 1 for the first decision, then one more each. */
    uint64_t sequence;
    /** Frames heard when it was made. */
    uint64_t frame;
    /** The genre before, one of aim_genre. */
    int32_t from;
    /** The genre from here on, one of aim_genre. */
    int32_t to;
    /** Why: one of aim_genre_rule. */
    int32_t rule;
    /** How long the rule's condition had held, in seconds. */
    float held_s;
    /** The smoothed probabilities that it was made on. */
    float probabilities[AIM_GENRE_COUNT];
    /** Smoothed probability of the new genre; of the likeliest when that is neutral. */
    float confidence;
} aim_genre_event;

/** A stream's recognition by itself, without mixing. It decides as a strip does: every 0.5 s on the last 3 s. */
typedef struct aim_classifier aim_classifier;

/** Creates a classifier for 1 or 2 channels and writes it to *classifier (NULL on failure). [control thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_OUT_OF_MEMORY. */
AIM_API aim_status aim_classifier_create(uint32_t sample_rate_hz, uint32_t channels,
                                         aim_classifier** classifier) AIM_NOEXCEPT;

/** Destroys a classifier; NULL is allowed. [control thread] */
AIM_API void aim_classifier_destroy(aim_classifier* classifier) AIM_NOEXCEPT;

/** Adds `frames` planar frames. Samples that are not finite or beyond AIM_SAMPLE_LIMIT count as silence. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_classifier_add(aim_classifier* classifier, const float* const* input,
                                      uint32_t frames) AIM_NOEXCEPT;

/** Adds `frames` interleaved frames. Otherwise as aim_classifier_add. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_classifier_add_interleaved(aim_classifier* classifier, const float* input,
                                                  uint32_t frames) AIM_NOEXCEPT;

/** Decides on what another model has heard, in place of sound that is added: each call is the next 0.5 s of a stream.
 *  probabilities[AIM_GENRE_COUNT] are that model's for the last 3 s, or for as much as there is since the sound began, each
 *  0 to 100; they are scaled to add up to 1. All 0 is 0.5 s of silence: nothing changes, and after 2 s of it what was heard
 *  before counts no more, so that the model should begin anew too. peak_dbfs stays at AIM_SILENCE_DB. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_classifier_hear(aim_classifier* classifier, const float* probabilities) AIM_NOEXCEPT;

/** Copies what the stream is recognised as to *reading. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_classifier_read(const aim_classifier* classifier, aim_genre_reading* reading) AIM_NOEXCEPT;

/** Copies decisions as aim_strip_genre_events does. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_classifier_events(const aim_classifier* classifier, uint64_t since_sequence,
                                         aim_genre_event* events, uint32_t capacity, uint32_t* count) AIM_NOEXCEPT;

/** Writes the probabilities of everything added since reset, as one programme, to probabilities[AIM_GENRE_COUNT], and how
 *  many windows they rest on to *windows: over one window of up to 3 s each 0.5 s, silence left out, a steady sound
 *  equally likely to be any, the product of their n probabilities to the power of (1.25 - 0.25 / n) / n, normalised: a
 *  geometric mean, a little surer the more there are. All 0 when there is no window. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_classifier_programme(const aim_classifier* classifier, float* probabilities,
                                            uint64_t* windows) AIM_NOEXCEPT;

/** Weights the genres as aim_strip_set_genre_weights does; from the next decision on. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_classifier_set_weights(aim_classifier* classifier, const float* weights) AIM_NOEXCEPT;

/** Forgets everything heard; the weights stay. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_classifier_reset(aim_classifier* classifier) AIM_NOEXCEPT;

/** Classifies MFCC frames, one every 10 ms with the definition of aim_mfcc_config_init: `frames` rows of `coefficients`
 *  values (AIM_GENRE_COEFFICIENTS), each within +/-10000. Writes probabilities[AIM_GENRE_COUNT], which add up to 1.
 *  Up to 300 frames are one window; more are one window each 50 frames, taken together as aim_classifier_programme does.
 *  Fewer than 50 are repeated until there are 50, which makes a guess of them. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE (also for no frames at all). */
AIM_API aim_status aim_classify_frames(const float* mfcc, uint32_t frames, uint32_t coefficients,
                                       float* probabilities) AIM_NOEXCEPT;

/* --------------------------------------------------------------------------------------- channel strip */

/** A channel strip: high-pass, noise gate, leveler, de-esser, compressor, three-band equaliser, saturator, stereo width,
 *  look-ahead limiter and meters. */
typedef struct aim_strip aim_strip;

/** Which meters a strip runs. Each costs time; add them up. */
enum aim_meter {
    /** Peak, RMS, loudness and true peak of the output. */
    AIM_METER_OUTPUT = 1,
    /** Peak, RMS, loudness and true peak of the input. */
    AIM_METER_INPUT = 2
};

/** Configuration of a strip: what is fixed for its life. */
typedef struct aim_strip_config {
    /** sizeof(aim_strip_config). */
    uint32_t struct_size;
    /** Sample rate in Hz, AIM_SAMPLE_RATE_MIN to AIM_SAMPLE_RATE_MAX. Default 48000. */
    uint32_t sample_rate_hz;
    /** 1 (mono) or 2 (stereo, detected linked: one gain for both). Default 2. */
    uint32_t channels;
    /** Most frames in one process call, 1 to 1048576. Default 960. */
    uint32_t max_frames;
    /** Any of aim_meter, added up. Default AIM_METER_OUTPUT. */
    uint32_t meters;
} aim_strip_config;

/** Fills *config with the defaults. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_config_init(aim_strip_config* config) AIM_NOEXCEPT;

/** Creates a strip with every parameter at its default and writes it to *strip (NULL on failure). [control thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_STRUCT_SIZE, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_OUT_OF_MEMORY. */
AIM_API aim_status aim_strip_create(const aim_strip_config* config, aim_strip** strip) AIM_NOEXCEPT;

/** Destroys a strip; NULL is allowed. [control thread] */
AIM_API void aim_strip_destroy(aim_strip* strip) AIM_NOEXCEPT;

/** Processes `frames` frames, planar: input[c] and output[c] point at `frames` samples of channel c. Samples that are
 *  not finite or beyond AIM_SAMPLE_LIMIT are replaced by silence and counted. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_TOO_MANY_FRAMES. */
AIM_API aim_status aim_strip_process(aim_strip* strip, const float* const* input, float* const* output,
                                     uint32_t frames) AIM_NOEXCEPT;

/** Processes `frames` frames, interleaved: frames * channels samples. Otherwise as aim_strip_process. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_TOO_MANY_FRAMES. */
AIM_API aim_status aim_strip_process_interleaved(aim_strip* strip, const float* input, float* output,
                                                 uint32_t frames) AIM_NOEXCEPT;

/** Clears the audio and the meters, ends every ramp at its target; parameters keep their values. From here the strip
 *  behaves bit for bit like a fresh one with these values. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_reset(aim_strip* strip) AIM_NOEXCEPT;

/** Writes the delay from input to output in frames to *frames. Constant until a set-up parameter changes. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_latency_frames(const aim_strip* strip, uint32_t* frames) AIM_NOEXCEPT;

/** Overrides a parameter: its value stands, whatever the profile says, until it is released. Heard from the next process
 *  call on, smoothed over 20 ms. On a strip that has not processed anything since create or reset it applies at once.
 *  [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_UNKNOWN_PARAMETER, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_STATE. */
AIM_API aim_status aim_strip_set_parameter(aim_strip* strip, int32_t id, float value) AIM_NOEXCEPT;

/** Releases an overridden parameter: the profile's value holds again. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_UNKNOWN_PARAMETER, AIM_ERROR_STATE. */
AIM_API aim_status aim_strip_release_parameter(aim_strip* strip, int32_t id) AIM_NOEXCEPT;

/** Writes the value that stands for a parameter, its override or else the profile's, to *value. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_UNKNOWN_PARAMETER. */
AIM_API aim_status aim_strip_get_parameter(const aim_strip* strip, int32_t id, float* value) AIM_NOEXCEPT;

/** Moves to the built-in profile of a genre: over 1 s, into speech over 0.5 s; at once on a strip that has not processed
 *  anything. Out of a profile without a leveler the move begins after 100 ms, on a strip that has heard less than a second of
 *  programme after half a second of listening, so that the level is right from its start. Overridden parameters and the look-ahead stay.
 *  With AIM_GENRE_AUTO the strip listens to its input, before anything has changed it, and moves in the same way to what
 *  it recognises; it starts from the genre set last, or from neutral. A genre set later ends that: it is pinned. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_strip_set_genre(aim_strip* strip, int32_t genre) AIM_NOEXCEPT;

/** Weights the genres that AIM_GENRE_AUTO may choose: weights[AIM_GENRE_COUNT], each 0 to 100, at least one above 0. A
 *  probability is multiplied by its weight; 0 forbids the genre, also one that holds. Default 1. From the next process
 *  call on. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_strip_set_genre_weights(aim_strip* strip, const float* weights) AIM_NOEXCEPT;

/** Copies what the input is recognised as to *reading: one consistent set. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_genre(const aim_strip* strip, aim_genre_reading* reading) AIM_NOEXCEPT;

/** Copies the decisions whose sequence number is above `since_sequence`, oldest first, to events, which has room for
 *  `capacity`, and their number to *count. The last AIM_GENRE_EVENTS_MAX are kept; a gap in the numbers tells of lost
 *  ones. events may be NULL when capacity is 0. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_genre_events(const aim_strip* strip, uint64_t since_sequence, aim_genre_event* events,
                                          uint32_t capacity, uint32_t* count) AIM_NOEXCEPT;

/** Moves to a profile of the caller's: `values` are one per parameter in the table's order, `count` the table's length;
 *  over morph_ms, 0 to 60000. Otherwise as aim_strip_set_genre. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE (also for a single value). */
AIM_API aim_status aim_strip_set_profile(aim_strip* strip, const float* values, int32_t count,
                                         float morph_ms) AIM_NOEXCEPT;

/** Scales what the profile does, 0 to 100 %: gains, reductions, ratios, widths; loudness target, ceiling, times and
 *  frequencies stay. Overridden parameters stay. Default 100. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE. */
AIM_API aim_status aim_strip_set_intensity(aim_strip* strip, float percent) AIM_NOEXCEPT;

/** Writes the intensity last set, or restored, to *percent. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_get_intensity(const aim_strip* strip, float* percent) AIM_NOEXCEPT;

/** Loudness and levels of one signal, ITU-R BS.1770-5 and EBU Tech 3341/3342. AIM_SILENCE_DB where there is nothing. */
typedef struct aim_loudness {
    /** Loudness of the last 400 ms, LUFS. */
    float momentary_lufs;
    /** Loudness of the last 3 s, LUFS. */
    float short_term_lufs;
    /** Gated loudness since reset, LUFS. */
    float integrated_lufs;
    /** Loudness range since reset, LU; 0 until it can be told. */
    float range_lu;
    /** Highest momentary loudness since reset, LUFS. */
    float momentary_max_lufs;
    /** Highest short-term loudness since reset, LUFS. */
    float short_term_max_lufs;
    /** Highest true peak since reset, dBTP. */
    float true_peak_dbtp;
    /** Highest sample magnitude since reset, dBFS. */
    float sample_peak_dbfs;
    /** Root mean square over all channels since reset, dBFS (a full-scale sine reads -3.01). */
    float rms_dbfs;
    /** Highest sample magnitude in the last 20 ms, dBFS. */
    float current_peak_dbfs;
    /** Root mean square over all channels of the last 400 ms, dBFS. */
    float current_rms_dbfs;
} aim_loudness;

/** Gain reduction of one stage in dB, positive numbers. */
typedef struct aim_gain_reduction {
    /** At the end of the last process call. */
    float now_db;
    /** Mean over all frames since reset. */
    float average_db;
    /** Highest since reset. */
    float maximum_db;
} aim_gain_reduction;

/** Why the leveler stands still. The numbers are pinned. */
enum aim_leveler_hold {
    /** It moves, or is where it should be. */
    AIM_LEVELER_FREE = 0,
    /** Silence. */
    AIM_LEVELER_SILENCE = 1,
    /** The programme lies below its brake. */
    AIM_LEVELER_BRAKE = 2,
    /** Applause or noise. */
    AIM_LEVELER_APPLAUSE = 3,
    /** The limiter works more than the profile allows: the target is lowered. */
    AIM_LEVELER_LIMITER = 4
};

/** What a strip has measured, as of the end of the last process call. */
typedef struct aim_strip_metrics {
    /** Frames processed since reset. */
    uint64_t frames;
    /** Input samples replaced by silence since reset: not finite, or beyond AIM_SAMPLE_LIMIT. */
    uint64_t non_finite_samples;
    /** Output samples that the limiter's last safeguard had to clamp since reset. Goal: 0. */
    uint64_t limiter_clamped_samples;
    /** Output meters (when AIM_METER_OUTPUT is on). */
    aim_loudness output;
    /** Input meters (when AIM_METER_INPUT is on). */
    aim_loudness input;
    /** Gain reduction of the gate. */
    aim_gain_reduction gate;
    /** Gain reduction of the compressor, makeup gain not counted. */
    aim_gain_reduction compressor;
    /** Gain reduction of the limiter. */
    aim_gain_reduction limiter;
    /** Gain reduction of the de-esser, in its band. */
    aim_gain_reduction de_esser;
    /** Gain of the leveler, dB. */
    float leveler_gain_db;
    /** Loudness that the leveler steers for, LUFS: the profile's target with the mono offset and the limiter's input gain,
     *  less what the guard rail took. */
    float target_lufs;
    /** Why the leveler stands still: one of aim_leveler_hold. */
    int32_t leveler_hold;
    /** The genre of the profile in use, also one that AIM_GENRE_AUTO has chosen: one of aim_genre, or -1 for a profile of
     *  the caller's. */
    int32_t genre;
} aim_strip_metrics;

/** Copies the strip's measurements to *metrics: one consistent set. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_get_metrics(const aim_strip* strip, aim_strip_metrics* metrics) AIM_NOEXCEPT;

/** Writes the size in bytes of a snapshot of this strip to *size. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_strip_snapshot_size(const aim_strip* strip, uint64_t* size) AIM_NOEXCEPT;

/** Writes the whole state of the strip (parameters, audio in flight, meters) to buffer. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_BUFFER_TOO_SMALL. */
AIM_API aim_status aim_strip_save(const aim_strip* strip, void* buffer, uint64_t size) AIM_NOEXCEPT;

/** Continues from a snapshot of a strip with the same sample rate, channels and meters, bit for bit; here or on
 *  another machine. The buffer may be longer than the snapshot. A failed restore leaves the strip as it was. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_SNAPSHOT. */
AIM_API aim_status aim_strip_restore(aim_strip* strip, const void* buffer, uint64_t size) AIM_NOEXCEPT;

/* ------------------------------------------------------------------------------------ strips side by side */

/** Many strips in one call, several at a time in lockstep, one in each lane of the processor's registers: the same bits
 *  as one by one, in less time. It holds no strip, only room to work in. */
typedef struct aim_batch aim_batch;

/** Most strips that one batch takes. */
#define AIM_BATCH_STRIPS_MAX 65536

/** Creates a batch that takes up to max_strips strips, 1 to AIM_BATCH_STRIPS_MAX, in one call and writes it to *batch
 *  (NULL on failure). [control thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_OUT_OF_MEMORY. */
AIM_API aim_status aim_batch_create(uint32_t max_strips, aim_batch** batch) AIM_NOEXCEPT;

/** Destroys a batch; NULL is allowed. The strips that it processed live on. [control thread] */
AIM_API void aim_batch_destroy(aim_batch* batch) AIM_NOEXCEPT;

/** Processes `frames` frames of each of `count` strips, planar: what aim_strip_process does with one after the other,
 *  bit for bit. The strips may differ in everything. A stream joins by being listed and leaves by no longer being
 *  listed, at any frame; between two calls its strip may go through another batch, or alone.
 *  input and output hold one pointer per channel: those of the first strip, then those of the second, and so on. A
 *  strip's input and output may be the same buffer; buffers must not overlap in any other way.
 *  Quickest where many strips have the same number of channels and the same stages at work. The call counts as one of
 *  the [audio thread] for the batch and for every strip listed.
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE (more than max_strips, or a strip listed twice),
 *  AIM_ERROR_TOO_MANY_FRAMES (for one of them). */
AIM_API aim_status aim_batch_process(aim_batch* batch, aim_strip* const* strips, uint32_t count,
                                     const float* const* input, float* const* output, uint32_t frames) AIM_NOEXCEPT;

/** Processes `frames` frames of each of `count` strips, interleaved: input and output hold one pointer per strip, at
 *  frames * channels samples. Otherwise as aim_batch_process. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_TOO_MANY_FRAMES. */
AIM_API aim_status aim_batch_process_interleaved(aim_batch* batch, aim_strip* const* strips, uint32_t count,
                                                 const float* const* input, float* const* output,
                                                 uint32_t frames) AIM_NOEXCEPT;

/* --------------------------------------------------------------------------------------- loudness meter */

/** A loudness and level meter for one programme. */
typedef struct aim_meter_handle aim_meter_handle;

/** Creates a meter for 1 or 2 channels and writes it to *meter (NULL on failure). [control thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_OUT_OF_MEMORY. */
AIM_API aim_status aim_meter_create(uint32_t sample_rate_hz, uint32_t channels, aim_meter_handle** meter) AIM_NOEXCEPT;

/** Destroys a meter; NULL is allowed. [control thread] */
AIM_API void aim_meter_destroy(aim_meter_handle* meter) AIM_NOEXCEPT;

/** Adds `frames` planar frames. Samples that are not finite or beyond AIM_SAMPLE_LIMIT count as silence. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_meter_add(aim_meter_handle* meter, const float* const* input, uint32_t frames) AIM_NOEXCEPT;

/** Adds `frames` interleaved frames. Otherwise as aim_meter_add. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_meter_add_interleaved(aim_meter_handle* meter, const float* input, uint32_t frames) AIM_NOEXCEPT;

/** Copies what was measured up to the last frame added to *loudness. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_meter_read(const aim_meter_handle* meter, aim_loudness* loudness) AIM_NOEXCEPT;

/** Forgets everything measured. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_meter_reset(aim_meter_handle* meter) AIM_NOEXCEPT;

/* --------------------------------------------------------------------------------------------- analysis */

/** A real FFT of one size. */
typedef struct aim_fft aim_fft;

/** Creates a real FFT of `size` points, a power of two from 16 to 65536, and writes it to *fft (NULL on failure).
 *  [control thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_OUT_OF_MEMORY. */
AIM_API aim_status aim_fft_create(uint32_t size, aim_fft** fft) AIM_NOEXCEPT;

/** Destroys an FFT; NULL is allowed. [control thread] */
AIM_API void aim_fft_destroy(aim_fft* fft) AIM_NOEXCEPT;

/** Transforms `size` real samples to size / 2 + 1 complex bins, not scaled, as pairs (real, imaginary): spectrum holds
 *  size + 2 floats. Input and output must not overlap. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_fft_forward(aim_fft* fft, const float* samples, float* spectrum) AIM_NOEXCEPT;

/** A streaming extractor of MFCCs, spectral centroid and zero-crossing rate. */
typedef struct aim_mfcc aim_mfcc;

/** Configuration of an extractor. MFCCs follow librosa's definition: periodic Hann window, power spectrum, Slaney mel
 *  scale and area normalisation, 10 log10 with a floor, no top_db, orthonormal DCT-II, no centring. */
typedef struct aim_mfcc_config {
    /** sizeof(aim_mfcc_config). */
    uint32_t struct_size;
    /** Sample rate in Hz, AIM_SAMPLE_RATE_MIN to AIM_SAMPLE_RATE_MAX. Default 48000. */
    uint32_t sample_rate_hz;
    /** Window in samples, 16 to fft_size. Default 960. */
    uint32_t window;
    /** Samples from one frame to the next, 1 to 65536. Default 480. */
    uint32_t hop;
    /** FFT size, a power of two from 16 to 65536. Default 1024. */
    uint32_t fft_size;
    /** Mel bands, 1 to 256. Default 40. */
    uint32_t mel_bands;
    /** Coefficients per frame, 1 to mel_bands. Default 13. */
    uint32_t coefficients;
    /** Lower edge of the lowest band in Hz, 0 to below high_hz. Default 20. */
    float low_hz;
    /** Upper edge of the highest band in Hz; the part above half the sample rate stays empty. Default 20000. */
    float high_hz;
    /** Floor of a band's power before the logarithm, above 0. Default 1e-10. */
    float floor;
} aim_mfcc_config;

/** Fills *config with the defaults. [any thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_mfcc_config_init(aim_mfcc_config* config) AIM_NOEXCEPT;

/** Creates an extractor and writes it to *mfcc (NULL on failure). [control thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_STRUCT_SIZE, AIM_ERROR_OUT_OF_RANGE, AIM_ERROR_OUT_OF_MEMORY. */
AIM_API aim_status aim_mfcc_create(const aim_mfcc_config* config, aim_mfcc** mfcc) AIM_NOEXCEPT;

/** Destroys an extractor; NULL is allowed. [control thread] */
AIM_API void aim_mfcc_destroy(aim_mfcc* mfcc) AIM_NOEXCEPT;

/** Writes to *frames how many frames aim_mfcc_process will yield for the next `samples` samples. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_mfcc_frames_for(const aim_mfcc* mfcc, uint32_t samples, uint32_t* frames) AIM_NOEXCEPT;

/** Adds `samples` mono samples and writes every frame that they complete.
 *  coefficients_out: frames x coefficients, row by row. centroid_hz_out, zero_crossing_rate_out: one per frame, each may
 *  be NULL. capacity_frames: room in each, at least what aim_mfcc_frames_for says. *frames_out: frames written.
 *  The centroid is that of the magnitude spectrum (0 for silence); the rate is the share of neighbouring sample pairs in
 *  the window whose signs differ, zero counting as positive. Damaged samples count as silence. The input may be NULL
 *  when there are no samples, the coefficients when there are no frames. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT, AIM_ERROR_BUFFER_TOO_SMALL (then nothing was consumed). */
AIM_API aim_status aim_mfcc_process(aim_mfcc* mfcc, const float* input, uint32_t samples, float* coefficients_out,
                                    float* centroid_hz_out, float* zero_crossing_rate_out, uint32_t capacity_frames,
                                    uint32_t* frames_out) AIM_NOEXCEPT;

/** Forgets the samples held back. [audio thread]
 *  Returns AIM_OK, AIM_ERROR_NULL_ARGUMENT. */
AIM_API aim_status aim_mfcc_reset(aim_mfcc* mfcc) AIM_NOEXCEPT;

#if defined(__cplusplus)
} /* extern "C" */
#endif

#endif /* AI_MIXER_CORE_H */
