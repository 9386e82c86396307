namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>A request or scope that is running, in the reference model.</summary>
public sealed class ModelFrame
{
    public ModelFrame? Outer { get; init; }

    /// <summary>The dependency injection scope whose memory counts.</summary>
    public ModelScope? Scope { get; set; }

    public bool MayWrite { get; init; }

    public bool WantsReplica { get; set; }

    /// <summary>Whether it is, or is inside, something that may have written in this flow, or asked for the primary by name.</summary>
    public bool MustBeFresh { get; set; }

    public bool UsedPrimary { get; set; }

    public ModelFrame Outermost => Outer?.Outermost ?? this;
}
