using System.Data.Common;

namespace Cqrs.Routing.Testing;

/// <summary>
/// Provides replication positions. The simulator counts the commits itself; the command text only identifies the server that was asked.
/// </summary>
internal sealed class LagPositions(LagSimulator lag) : IPositionSource
{
    public string PrimaryCommandText => $"SELECT '{DatabaseRole.Primary}'";

    public string ReplicaCommandText => $"SELECT '{DatabaseRole.Replica}'";

    // The count is read after the command. That is safe on both sides: the primary's count may be higher, and the replica never returns to an older
    // state.
    public ReplicationPosition? Read(DbDataReader row) => lag.PositionOf(Enum.Parse<DatabaseRole>(row.GetString(0)));
}
