using Cqrs.Routing.TestKit.Servers;

namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>A dependency injection scope and its one context, in the reference model.</summary>
public sealed class ModelScope
{
    public bool CommandUsedPrimary { get; set; }

    /// <summary>Where the context's connection is held open, if it is.</summary>
    public Server? OpenOn { get; set; }

    public bool InTransaction { get; set; }
}
