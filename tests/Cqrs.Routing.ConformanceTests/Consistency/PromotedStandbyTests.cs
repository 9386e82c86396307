using Cqrs.Routing.ConformanceTests.Configuration;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A standby that was promoted by mistake: its position says nothing about the primary.</summary>
public sealed class PromotedStandbyTests : OwnStandbyTest
{
    [Fact]
    public async Task A_promoted_standby_serves_no_session_that_wrote()
    {
        await OnServerAsync(Database.Replica, "SELECT pg_promote(wait => true)");
        // Further than the primary will be.
        await OnServerAsync(Database.Replica, "SELECT pg_logical_emit_message(true, 'own', repeat('x', 1000000))");
        var log = new LogLines();
        await using var services = Start(log);
        await using var scope = services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();

        await sender.Send(Rename);

        (await sender.Send(ReadName)).ShouldBe("new");
        log.All.ShouldContain(line => line.Contains("the replica cannot be read", StringComparison.Ordinal) && line.Contains("not in recovery", StringComparison.Ordinal));
    }
}
