namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>What is thrown there.</summary>
internal enum FaultKind
{
    /// <summary>The driver's: the server is not there.</summary>
    Unavailable,

    /// <summary>The driver's: the server cannot serve this statement now.</summary>
    Conflict,

    /// <summary>The driver's, which is the statement's own fault.</summary>
    Statement,

    /// <summary>The driver waited in vain.</summary>
    Timeout,

    /// <summary>The application's own.</summary>
    Application,

    /// <summary>The request was cancelled.</summary>
    Cancelled,
}
