namespace AiMixer.Server.Errors;

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    /// <summary>After how many seconds the client may try again; <see langword="null"/> says nothing.</summary>
    public int? RetryAfterSeconds { get; init; }
}
