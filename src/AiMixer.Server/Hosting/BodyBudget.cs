using AiMixer.Server.Errors;

namespace AiMixer.Server.Hosting;

/// <summary>
/// The memory that the bodies of all requests together may take while they are read as a whole: many clients that each
/// send as much as is allowed must not take everything.
/// </summary>
internal sealed class BodyBudget(ServerOptions options)
{
    private const int RetryAfterSeconds = 1;

    private readonly long _maximum = 8L * options.MaxBodyBytes;
    private long _taken;

    /// <summary>Takes memory from the budget.</summary>
    /// <exception cref="ProblemException">There is not enough left.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) > _maximum)
        {
            Return(bytes);
            throw Problems.Overloaded(RetryAfterSeconds);
        }
    }

    /// <summary>Gives it back.</summary>
    public void Return(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
