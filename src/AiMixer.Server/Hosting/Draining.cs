namespace AiMixer.Server.Hosting;

/// <summary>Whether the server was asked to end. New streams are refused then, running ones are told.</summary>
internal sealed class Draining : IDisposable
{
    private readonly CancellationTokenSource _began = new();

    /// <summary>Fires when the server was asked to end.</summary>
    public CancellationToken Began => _began.Token;

    /// <summary>Whether it was.</summary>
    public bool IsOn => _began.IsCancellationRequested;

    public void Begin() => _began.Cancel();

    public void Dispose() => _began.Dispose();
}
