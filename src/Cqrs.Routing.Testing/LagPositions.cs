using System.Data.Common;

namespace Cqrs.Routing.Testing;

/// <summary>The simulator counts the commits itself; the databases only have to say which of them was asked.</summary>
internal sealed class LagPositions(LagSimulator lag) : IPositionSource
{
    public string PrimaryCommandText => $"SELECT '{DatabaseRole.Primary}'";

    public string ReplicaCommandText => $"SELECT '{DatabaseRole.Replica}'";

    // The count is taken after the command, which is safe on both sides: the primary's may be higher, and what the replica shows it goes on showing.
    public ReplicationPosition? Read(DbDataReader row) => lag.PositionOf(Enum.Parse<DatabaseRole>(row.GetString(0)));
}
