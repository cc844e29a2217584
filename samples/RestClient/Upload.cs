using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;

/// <summary>
/// Samples as the body of a request. HttpClient reads the answer while it sends a content like this one; its own contents
/// (ByteArrayContent, StreamContent) are sent to their end first, over HTTP/2 too.
/// </summary>
internal sealed class Upload : HttpContent
{
    private readonly byte[] _bytes;

    public Upload(float[] samples, int sampleRateHz, int channels)
    {
        _bytes = MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
        Headers.ContentType = MediaTypeHeaderValue.Parse($"application/octet-stream; format=f32le; rate={sampleRateHz}; channels={channels}");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_bytes, 0, _bytes.Length);

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
