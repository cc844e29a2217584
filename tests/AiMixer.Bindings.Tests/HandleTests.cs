using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace AiMixer.Bindings.Tests;

/// <summary>A handle gives its object back once, whatever happens; a library that counts is the witness.</summary>
public sealed class HandleTests : IDisposable
{
    private const nint SomeObject = 0x1234;

    private static readonly (string Handle, string Opaque, string Destroy)[] Kinds =
    [
        (nameof(StripHandle), "aim_strip", "aim_strip_destroy"),
        (nameof(BatchHandle), "aim_batch", "aim_batch_destroy"),
        (nameof(MeterHandle), "aim_meter_handle", "aim_meter_destroy"),
        (nameof(FftHandle), "aim_fft", "aim_fft_destroy"),
        (nameof(MfccHandle), "aim_mfcc", "aim_mfcc_destroy"),
        (nameof(ClassifierHandle), "aim_classifier", "aim_classifier_destroy"),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly FreshBindings _bindings;
    private readonly nint _library;

    public HandleTests()
    {
        string path = CCompiler.SharedLibrary(_folder, CountingLibrary());
        _bindings = new FreshBindings(_folder.Path);
        _bindings.Call("aim_abi_version");
        _library = NativeLibrary.Load(path);
    }

    public static TheoryData<string> HandleNames => [.. Kinds.Select(kind => kind.Handle)];

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        _folder.Dispose();
    }

    [Fact]
    public void Every_handle_type_is_tested()
    {
        IEnumerable<Type> types = typeof(NativeMethods).Assembly.GetTypes().Where(typeof(SafeHandle).IsAssignableFrom);

        Assert.Equal(types.Select(type => type.Name).Order(), Kinds.Select(kind => kind.Handle).Order());
    }

    [Theory]
    [MemberData(nameof(HandleNames))]
    public void Disposing_twice_destroys_once(string type)
    {
        SafeHandle handle = _bindings.Handle(type, SomeObject);

        handle.Dispose();
        handle.Dispose();

        Assert.Equal((1, SomeObject), Destroyed(type));
        Assert.Equal(1, DestroyedInAll());
    }

    [Theory]
    [MemberData(nameof(HandleNames))]
    public void Forgotten_handle_is_destroyed_by_the_collector_once(string type)
    {
        Forget(type);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal((1, SomeObject), Destroyed(type));
    }

    [Theory]
    [MemberData(nameof(HandleNames))]
    public void Empty_handle_destroys_nothing(string type)
    {
        SafeHandle handle = _bindings.Handle(type, 0);

        Assert.True(handle.IsInvalid);
        handle.Dispose();

        Assert.Equal(0, DestroyedInAll());
    }

    [Fact]
    public void Failed_create_leaves_an_empty_handle()
    {
        object?[] arguments = [0u, null];

        Assert.Equal((int)aim_status_code.AIM_ERROR_OUT_OF_RANGE, (int)_bindings.Call("aim_fft_create", arguments)!);

        using SafeHandle handle = (SafeHandle)arguments[1]!;
        Assert.True(handle.IsInvalid);
    }

    [Fact]
    public void Created_handle_holds_the_object_and_gives_it_back()
    {
        object?[] arguments = [16u, null];

        Assert.Equal((int)aim_status_code.AIM_OK, (int)_bindings.Call("aim_fft_create", arguments)!);
        SafeHandle handle = (SafeHandle)arguments[1]!;
        nint created = handle.DangerousGetHandle();
        handle.Dispose();

        Assert.Equal((1, created), Destroyed(nameof(FftHandle)));
    }

    [Fact]
    public void Closed_handle_is_refused_before_the_call()
    {
        SafeHandle handle = _bindings.Handle(nameof(StripHandle), SomeObject);
        handle.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _bindings.Call("aim_strip_reset", handle));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget(string type) => _bindings.Handle(type, SomeObject);

    private unsafe (int Count, nint Last) Destroyed(string type)
    {
        string destroy = Kinds.Single(kind => kind.Handle == type).Destroy;
        int count = *(int*)NativeLibrary.GetExport(_library, destroy + "_count");
        nint last = *(nint*)NativeLibrary.GetExport(_library, destroy + "_last");
        return (count, last);
    }

    private int DestroyedInAll() => Kinds.Sum(kind => Destroyed(kind.Handle).Count);

    private static string CountingLibrary()
    {
        StringBuilder source = new($$"""
            #include "ai_mixer_core.h"
            static char object;
            int32_t aim_abi_version(void) { return AIM_ABI_VERSION; }
            aim_status aim_strip_reset(aim_strip* strip) { return strip ? AIM_OK : AIM_ERROR_NULL_ARGUMENT; }
            aim_status aim_fft_create(uint32_t size, aim_fft** fft) {
                *fft = size >= 16 ? (aim_fft*)&object : 0;
                return *fft ? AIM_OK : AIM_ERROR_OUT_OF_RANGE;
            }

            """);
        foreach ((_, string opaque, string destroy) in Kinds)
        {
            source.Append(null, $$"""
                int {{destroy}}_count;
                {{opaque}}* {{destroy}}_last;
                void {{destroy}}({{opaque}}* object) { ++{{destroy}}_count; {{destroy}}_last = object; }

                """);
        }

        return source.ToString();
    }
}
