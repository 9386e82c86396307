namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>One step of a random program. Steps with a body nest.</summary>
public abstract record Step
{
    /// <summary>The scope's context reads.</summary>
    public sealed record Read : Step;

    /// <summary>The scope's context tries to write; only inside a query, where it must be refused.</summary>
    public sealed record TryWrite : Step;

    public sealed record Send(SendKind Kind, Step[] Body) : Step;

    /// <summary>A dependency injection scope of its own, with its own context.</summary>
    public sealed record Scope(Step[] Body) : Step;

    public sealed record Transaction(Step[] Body) : Step;

    /// <summary>The connection is opened by hand around the body.</summary>
    public sealed record OpenConnection(Step[] Body) : Step;

    public sealed record Ambient(bool Suppress, Step[] Body) : Step;

    public sealed record ForcePrimary(Step[] Body) : Step;

    public sealed record BeginQuery(Step[] Body) : Step;

    public sealed record Fail(bool Canceled) : Step;

    public sealed record Catch(Step[] Body) : Step;

    /// <summary>Work that is started here and runs, on a context of its own, when the whole program has ended.</summary>
    public sealed record Background : Step;
}
