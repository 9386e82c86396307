using System.Data.Common;

namespace Cqrs.Routing;

/// <summary>Reads the replication position of a database. Implement it for a database that <see cref="PositionSources"/> does not support.</summary>
/// <remarks>
/// An instance is shared by all contexts of the options that contain it, so it must be thread safe. Both commands run outside any transaction, with a timeout of two
/// seconds. If a command gives no position, the position is unknown, and the query runs on the primary.
/// </remarks>
public interface IPositionSource
{
    /// <summary>Gets the command that reads a position on the primary. Every change committed before the command is at or below that position.</summary>
    string PrimaryCommandText { get; }

    /// <summary>Gets the command that reads a position on a replica. Every change at or below that position is visible to later commands on that replica.</summary>
    string ReplicaCommandText { get; }

    /// <summary>Reads the position from the first row of either command.</summary>
    /// <param name="row">The row. If the command returns no row, the position is unknown and this method is not called.</param>
    /// <returns>The position; null if it is unknown.</returns>
    ReplicationPosition? Read(DbDataReader row);
}
