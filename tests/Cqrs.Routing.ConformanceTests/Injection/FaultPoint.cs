namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>Where EF waits for a server, or for the application, and something may throw.</summary>
internal enum FaultPoint
{
    Opening,
    Opened,
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
}
