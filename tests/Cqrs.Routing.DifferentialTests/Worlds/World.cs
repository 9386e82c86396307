namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>What the replica knows.</summary>
public enum World
{
    /// <summary>Everything: it is the primary's own file, opened read-only.</summary>
    LagZero,

    /// <summary>Nothing new: a copy from before somebody else changed every row of the primary, and nothing reaches it any more.</summary>
    FrozenLag,
}
