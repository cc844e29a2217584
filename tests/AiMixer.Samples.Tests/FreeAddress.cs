using System.Net;
using System.Net.Sockets;

namespace AiMixer.Samples.Tests;

/// <summary>Addresses on this machine that nobody listens on.</summary>
internal static class FreeAddress
{
    public static string Next()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
