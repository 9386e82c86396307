namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>What somebody else does on the primary between two turns.</summary>
public enum Theirs
{
    Increment,
    AddOrder,
    RemoveOrder,
    Tag,
    Untag,
}
