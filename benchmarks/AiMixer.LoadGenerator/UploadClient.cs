using System.Net;
using System.Net.Http.Headers;

namespace AiMixer.LoadGenerator;

/// <summary>
/// A stream over HTTP: an upload whose answer comes meanwhile. Over cleartext HTTP/2, because HttpClient reads no answer
/// before its HTTP/1.1 request is over; every stream has a connection of its own, as different clients would.
/// </summary>
internal sealed class UploadClient(Programme programme) : StreamClient(programme)
{
    private readonly HttpClient _client = new(new SocketsHttpHandler());
    private readonly Upload _upload = new();
    private HttpResponseMessage? _answer;
    private Task _receiving = Task.CompletedTask;
    private int _checked;

    public override async Task StartAsync(Uri server, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, $"/stream-audio?genre={Programme.Genre}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _upload,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/octet-stream"));
        _upload.Headers.ContentType = MediaTypeHeaderValue.Parse($"application/octet-stream; format=f32le; rate={Programme.SampleRateHz}; channels=1");
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        _answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!_answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The stream did not start: {await _answer.Content.ReadAsStringAsync()}");
        }

        _receiving = Task.Run(ReceiveAllAsync);
    }

    public override async Task EndAsync()
    {
        // What the chain holds back, which is part of the last frame, comes when the body is over.
        _upload.End();
        await _receiving;
    }

    public override ValueTask DisposeAsync()
    {
        _upload.End();
        _answer?.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask WriteAsync(ReadOnlyMemory<byte> frame)
    {
        Stream body = await _upload.Opened;
        await body.WriteAsync(frame);
        await body.FlushAsync();
    }

    private async Task ReceiveAllAsync()
    {
        byte[] frame = new byte[Programme.FrameBytes];
        byte[] buffer = new byte[16 * 1024];
        int atOnce = Programme.FrameBytes - Programme.LatencySamples * sizeof(float);
        int filled = 0;
        try
        {
            await using Stream body = await _answer!.Content.ReadAsStreamAsync();
            while (await body.ReadAsync(buffer) is var read and > 0)
            {
                foreach (byte value in buffer.AsSpan(0, read))
                {
                    frame[filled++] = value;
                    if (filled == frame.Length)
                    {
                        Check(frame);
                        filled = 0;
                    }
                }

                // A frame is answered once all came that it could give; its end needs the next one.
                int answered = Math.Min(Programme.Frames, _checked + (filled >= atOnce ? 1 : 0));
                while (Answered < answered)
                {
                    NoteAnswer();
                }
            }

            Failure ??= _checked == Programme.Frames ? null : $"{_checked} of {Programme.Frames} frames came back";
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            Failure ??= exception.Message;
        }
    }

    private void Check(ReadOnlySpan<byte> frame)
    {
        NoteBits(_checked < Programme.Frames && Programme.IsAligned(_checked, frame));
        _checked++;
    }

    /// <summary>A body that is written while it is sent.</summary>
    private sealed class Upload : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Opened => _opened.Task;

        public void End() => _ended.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _opened.TrySetResult(stream);
            await _ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
