using System.Runtime.InteropServices;
using AiMixer.Bindings;

namespace AiMixer;

/// <summary>Turns the core's status codes into exceptions.</summary>
internal static class CoreStatus
{
    /// <summary>Returns at once when the call went well: the audio path goes through here.</summary>
    internal static void Check(aim_status_code status)
    {
        if (status != aim_status_code.AIM_OK)
        {
            throw Explain(status);
        }
    }

    private static unsafe Exception Explain(aim_status_code status)
    {
        string message = Text(NativeMethods.aim_status_message(status));
        return status == aim_status_code.AIM_ERROR_OUT_OF_RANGE
            ? new ArgumentOutOfRangeException(null, message)
            : new AiMixerException((int)status, message);
    }

    /// <summary>A string in the core's static storage.</summary>
    internal static unsafe string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";
}
