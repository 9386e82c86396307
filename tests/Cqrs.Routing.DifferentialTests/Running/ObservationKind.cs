namespace Cqrs.Routing.DifferentialTests.Running;

public enum ObservationKind
{
    /// <summary>What an act returned.</summary>
    Answer,

    /// <summary>The type of the exception that a turn ended with.</summary>
    Failure,

    /// <summary>What a context tracks after a turn.</summary>
    Tracker,

    /// <summary>What the program holds after a turn.</summary>
    Held,

    /// <summary>The rows of the primary at the end.</summary>
    Rows,
}
