using System.Data.Common;

namespace Cqrs.Routing;

/// <summary>How a database tells its replication position. Implement it for a database that <see cref="PositionSources"/> does not know.</summary>
/// <remarks>
/// Shared by all contexts of the options that name it, so it must be thread safe. Both commands run outside any transaction and have two seconds;
/// what they cannot tell counts as unknown, and unknown means primary.
/// </remarks>
public interface IPositionSource
{
    /// <summary>The command that reads, on the primary, a position that every change committed before the command is at or below.</summary>
    string PrimaryCommandText { get; }

    /// <summary>The command that reads, on a replica, a position that every change at or below it is visible to later commands on that replica.</summary>
    string ReplicaCommandText { get; }

    /// <summary>Reads the position from the first row of either command.</summary>
    /// <param name="row">The row. If there is none, the position is unknown and this is not called.</param>
    /// <returns>The position; null if it is unknown.</returns>
    ReplicationPosition? Read(DbDataReader row);
}
