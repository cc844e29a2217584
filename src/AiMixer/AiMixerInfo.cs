using AiMixer.Bindings;

namespace AiMixer;

/// <summary>What is at work here, for reports and for questions to the makers.</summary>
public static unsafe class AiMixerInfo
{
    /// <summary>Version of the native core, such as "1.0.0"; the library has the same.</summary>
    public static string Version => CoreStatus.Text(NativeMethods.aim_version_string());

    /// <summary>Compiler, instruction set and build kind of the native core, one line of text.</summary>
    public static string NativeBuild => CoreStatus.Text(NativeMethods.aim_build_info());
}
