namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>A dependency injection scope and its one context, in the reference model.</summary>
public sealed class ModelScope
{
    /// <summary>What the scope's user did, shared with the scopes of the requests around and inside it.</summary>
    public ModelSession Session { get; set; } = new();

    /// <summary>Where the context's connection is held open, if it is.</summary>
    public Server? OpenOn { get; set; }

    /// <summary>The outermost frame that it was opened for: in the middle of something a query goes on, whatever commands run beside it.</summary>
    public ModelFrame? OpenedFor { get; set; }

    public bool InTransaction { get; set; }
}
