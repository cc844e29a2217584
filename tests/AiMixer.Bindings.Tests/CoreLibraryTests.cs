using System.Runtime.InteropServices;
using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>The real core behind the bindings.</summary>
public sealed unsafe class CoreLibraryTests
{
    public CoreLibraryTests() => Assert.SkipUnless(
        LibraryCandidates.OfThisProcess().Any(File.Exists), "the native core has not been built");

    [Fact]
    public void Every_import_is_exported_by_the_library()
    {
        Assert.Equal(NativeMethods.AIM_ABI_VERSION, NativeMethods.aim_abi_version());

        nint library = NativeLibrary.Load(NativeLibraryLoader.LoadedPath!);
        Assert.DoesNotContain(
            CheckedInBindingsTests.Imports(), name => !NativeLibrary.TryGetExport(library, name, out _));
        NativeLibrary.Free(library);
    }

    [Fact]
    public void Texts_can_be_read()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+$", Text(NativeMethods.aim_version_string()));
        Assert.NotEmpty(Text(NativeMethods.aim_build_info()));
        string[] messages =
            [.. Enum.GetValues<aim_status_code>().Select(code => Text(NativeMethods.aim_status_message(code)))];
        Assert.All(messages, Assert.NotEmpty);
        Assert.Equal(messages.Length, messages.Distinct().Count());
    }

    [Fact]
    public void Parameter_table_holds_the_ids_of_the_enumeration_and_finds_them_by_key()
    {
        List<int> ids = [];
        for (int index = 0; index < NativeMethods.aim_parameter_count(); index++)
        {
            aim_parameter_info info;
            Assert.Equal(aim_status_code.AIM_OK, NativeMethods.aim_parameter_info_at(index, &info));
            int found;
            Assert.Equal(aim_status_code.AIM_OK, NativeMethods.aim_parameter_find(info.key, &found));
            Assert.Equal(info.id, found);
            Assert.InRange(info.default_value, info.minimum, info.maximum);
            ids.Add(info.id);
        }

        Assert.Equal(Enum.GetValues<aim_parameter_id>().Select(id => (int)id), ids.Order());
    }

    [Fact]
    public void Strip_processes_and_measures()
    {
        aim_strip_config config;
        Assert.Equal(aim_status_code.AIM_OK, NativeMethods.aim_strip_config_init(&config));
        Assert.Equal((uint)sizeof(aim_strip_config), config.struct_size);
        Assert.Equal(48000u, config.sample_rate_hz);
        Assert.Equal(aim_status_code.AIM_OK, NativeMethods.aim_strip_create(&config, out StripHandle strip));
        using (strip)
        {
            float[] audio = new float[config.max_frames * config.channels];
            audio[7] = float.NaN;
            fixed (float* samples = audio)
            {
                Assert.Equal(
                    aim_status_code.AIM_OK,
                    NativeMethods.aim_strip_process_interleaved(strip, samples, samples, config.max_frames));
                Assert.Equal(
                    aim_status_code.AIM_ERROR_TOO_MANY_FRAMES,
                    NativeMethods.aim_strip_process_interleaved(strip, samples, samples, config.max_frames + 1));
            }

            aim_strip_metrics metrics;
            Assert.Equal(aim_status_code.AIM_OK, NativeMethods.aim_strip_get_metrics(strip, &metrics));
            Assert.Equal(config.max_frames, metrics.frames);
            Assert.Equal(1ul, metrics.non_finite_samples);
            Assert.Equal(NativeMethods.AIM_SILENCE_DB, metrics.output.integrated_lufs);
        }
    }

    [Fact]
    public void Refused_create_gives_a_status_and_an_empty_handle()
    {
        aim_strip_config config = default;

        aim_status_code status = NativeMethods.aim_strip_create(&config, out StripHandle strip);

        Assert.Equal(aim_status_code.AIM_ERROR_STRUCT_SIZE, status);
        Assert.True(strip.IsInvalid);
    }

    [Fact]
    public void Calls_allocate_nothing()
    {
        Assert.Equal(aim_status_code.AIM_OK, NativeMethods.aim_meter_create(48000, 1, out MeterHandle meter));
        using (meter)
        {
            float* samples = stackalloc float[480];
            new Span<float>(samples, 480).Clear();

            Assert.Equal(0, Allocations.Of(() => NativeMethods.aim_meter_add_interleaved(meter, samples, 480)));
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)!;
}
