using System.Buffers;
using System.IO.Pipelines;

namespace AiMixer.Server.Hosting;

/// <summary>The body of a request, read as a whole into rented memory.</summary>
internal sealed class RequestBody : IDisposable
{
    // Memory grows with what arrives, not with what a client announces.
    private const int FirstBytes = 32 * 1024;

    private readonly BodyBudget _budget;
    private byte[] _bytes = [];
    private int _length;

    private RequestBody(BodyBudget budget) => _budget = budget;

    /// <summary>What was sent.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Reads to the end.</summary>
    /// <exception cref="BadHttpRequestException">The body is too long, too slow or broken.</exception>
    /// <exception cref="Errors.ProblemException">All memory for bodies is taken.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context)
    {
        var body = new RequestBody(context.RequestServices.GetRequiredService<BodyBudget>());
        try
        {
            PipeReader reader = context.Request.BodyReader;
            while (true)
            {
                ReadResult result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                try
                {
                    body.Append(result.Buffer);
                }
                finally
                {
                    // Also after a refusal: the connection goes on with its next request.
                    reader.AdvanceTo(result.Buffer.End);
                }

                if (result.IsCompleted)
                {
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Release(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Append(ReadOnlySequence<byte> piece)
    {
        int wanted = checked(_length + (int)piece.Length);
        if (wanted > _bytes.Length)
        {
            Grow(wanted);
        }

        piece.CopyTo(_bytes.AsSpan(_length));
        _length = wanted;
    }

    private void Grow(int wanted)
    {
        byte[] before = _bytes;
        byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstBytes, wanted), 2 * before.Length));
        try
        {
            _budget.Take(grown.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(grown);
            throw;
        }

        before.AsSpan(0, _length).CopyTo(grown);
        _bytes = grown;
        Release(before);
    }

    private void Release(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            _budget.Return(bytes.Length);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
