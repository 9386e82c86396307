namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Two replicas of one primary with different positions: the library checks each replica separately.</summary>
public sealed class TwoReplicasTests : TwoStandbysTest
{
    [Fact]
    public async Task Two_contexts_in_one_session_compare_the_position_of_each_replica()
    {
        await using var services = Start(Primary, First, othersReplica: Second);
        await OnServerAsync(Second, "SELECT pg_wal_replay_pause()");
        var (_, token) = await RequestAsync(services, null, Rename("new"));
        await CaughtUpAsync(First);

        (var name, token) = await RequestAsync(services, token, NameFrom<ShopContext>());
        name.ShouldBe("new");
        LastOf(services).Route.ShouldBe(DatabaseRole.Replica);
        (await RequestAsync(services, token, NameFrom<OtherContext>())).Result.ShouldBe("new");

        LastOf(services).Reason.ShouldBe(RouteReason.NotCaughtUp);
        (await RequestAsync(services, null, NameFrom<OtherContext>())).Result.ShouldBe("old");
    }

    [Fact]
    public async Task Two_instances_of_the_application_compare_the_position_of_each_replica()
    {
        await using var one = Start(Primary, First);
        await using var other = Start(Primary, Second);
        await OnServerAsync(Second, "SELECT pg_wal_replay_pause()");
        var (_, token) = await RequestAsync(one, null, Rename("new"));
        await CaughtUpAsync(First);

        (_, token) = await RequestAsync(one, token, NameFrom<ShopContext>());
        LastOf(one).Route.ShouldBe(DatabaseRole.Replica);
        (await RequestAsync(other, token, NameFrom<ShopContext>())).Result.ShouldBe("new");

        LastOf(other).Reason.ShouldBe(RouteReason.NotCaughtUp);
    }
}
