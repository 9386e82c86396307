using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Tests.Providers;

public sealed class ServerIdentityTests
{
    private static readonly ServerIdentity Primary = new("db", IsReadOnly: false, "1");

    [Theory]
    [InlineData("db", true, null, nameof(ReplicaRole.Replica))]
    [InlineData(null, true, null, nameof(ReplicaRole.Replica))]
    [InlineData("other", true, null, nameof(ReplicaRole.OtherDatabase))]
    [InlineData("other", false, "1", nameof(ReplicaRole.OtherDatabase))]
    [InlineData("db", false, "1", nameof(ReplicaRole.Primary))]
    [InlineData("db", false, "2", nameof(ReplicaRole.Promoted))]
    [InlineData("db", false, null, nameof(ReplicaRole.Unknown))]
    [InlineData("db", null, null, nameof(ReplicaRole.Unknown))]
    [InlineData(null, null, null, nameof(ReplicaRole.Unknown))]
    public void A_server_has_a_role_beside_its_primary(string? database, bool? isReadOnly, string? timeline, string role) =>
        new ServerIdentity(database, isReadOnly, timeline).RoleBeside(Primary).ToString().ShouldBe(role);

    [Theory]
    [InlineData(true, null, nameof(ReplicaRole.Replica))]
    [InlineData(false, "2", nameof(ReplicaRole.Unknown))]
    public void No_server_counts_as_promoted_beside_a_primary_that_is_a_standby_or_is_unknown(bool isReadOnly, string? timeline, string role)
    {
        new ServerIdentity("db", isReadOnly, timeline).RoleBeside(new("db", IsReadOnly: true, null)).ToString().ShouldBe(role);
        new ServerIdentity("db", isReadOnly, timeline).RoleBeside(ServerIdentity.Unknown).ToString().ShouldBe(role);
    }
}
