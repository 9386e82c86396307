using Cqrs.Routing.ConformanceTests.Configuration;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>The base class of tests with two servers that report position and role as an availability group does.</summary>
public abstract class AvailabilityGroupTest : SqlServerTest
{
    protected AvailabilityGroupTest()
    {
        (OnPrimary, OnReplica) = (new(Primary), new(Replica));
        OnReplica.Identity = OnReplica.Identity with { Updateability = "READ_ONLY" };
    }

    protected AvailabilityReplica OnPrimary { get; }

    protected AvailabilityReplica OnReplica { get; }

    /// <summary>How often the primary and the replica were asked for their position.</summary>
    protected (int Primary, int Replica) Asked => (OnPrimary.Asked, OnReplica.Asked);

    /// <summary>What else reached them.</summary>
    protected (int Primary, int Replica) Work => (OnPrimary.Work.Count, OnReplica.Work.Count);

    protected LogLines Lines { get; } = new();

    protected RoutedApp StartLogged(Action<ReplicaOptions>? replica = null) => Start(replica, options => options.ConfigureServicesLater = Lines.AddTo);

    /// <summary>A session that has written.</summary>
    protected static Task AfterWriteAsync(RoutedApp app, Func<Handling, Task> then) => app.InScopeAsync(async scope =>
    {
        await scope.Sender.Send(Rename);
        await then(scope);
    });
}
