namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>The context that an act uses.</summary>
public enum Where
{
    Store,
    Office,

    /// <summary>One that lives for this act only: from a factory, or from a scope of its own.</summary>
    Fresh,
}
