namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>Where EF waits for a server, or for the application, and something may throw.</summary>
internal enum FaultPoint
{
    Opening,
    Opened,

    /// <summary>The library asks for a position, and the application's source reads it.</summary>
    Asking,
    Starting,
    Started,
    Creating,
    Executing,
    Executed,
    Reading,
    ReaderClosing,
    Saving,
    Saved,
    Committing,
    Committed,
    Closing,
    Closed,

    /// <summary>The context is disposed.</summary>
    Disposing,

    /// <summary>EF closes a connection that the request left open, when the context goes back to its pool or is disposed.</summary>
    Resetting,

    /// <summary>The driver has closed it.</summary>
    Reset,
}
