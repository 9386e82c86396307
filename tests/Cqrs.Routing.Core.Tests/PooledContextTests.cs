using Cqrs.Routing.Core.Tests.Application;
using Cqrs.Routing.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Core.Tests;

/// <summary>Covers scopes that use a context from a pool. Such a context comes from no dependency injection scope, so it leads to no session.</summary>
public sealed class PooledContextTests : IAsyncDisposable
{
    private const int SessionNotCarried = 12;

    private readonly LagSimulator _lag = new();
    private readonly EventIds _warnings = new();
    private readonly ServiceProvider _provider;

    public PooledContextTests()
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_warnings));
        services.AddDbContextPool<NotesContext>(options => options.UseLagSimulator(_lag));
        services.AddCqrsRoutingCore();
        _provider = services.BuildServiceProvider(validateScopes: true);
    }

    // With EF alone the query sees the note; the replica that stands still does not have it, and the log says why.
    [Fact]
    public async Task A_command_scope_without_a_session_is_reported_once_when_a_query_scope_may_miss_its_write()
    {
        await using var scope = await StartAsync();

        (await WriteAndCountAsync(scope)).ShouldBe(0);
        (await WriteAndCountAsync(scope)).ShouldBe(0);

        _warnings.All.ShouldBe([SessionNotCarried]);
    }

    [Fact]
    public async Task Query_scopes_without_a_command_before_them_are_not_reported()
    {
        await using var scope = await StartAsync();

        using (RouteScope.BeginQuery())
            await scope.ServiceProvider.GetRequiredService<NotesContext>().Notes.CountAsync();

        _warnings.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_around_both_scopes_reads_its_own_write()
    {
        await using var scope = await StartAsync();

        using (scope.ServiceProvider.GetRequiredService<RoutingSession>().Begin())
            (await WriteAndCountAsync(scope)).ShouldBe(1);

        _warnings.All.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _lag.Dispose();
    }

    private async Task<AsyncServiceScope> StartAsync()
    {
        await using (var scope = _provider.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<NotesContext>().Database.EnsureCreatedAsync();
        _lag.Freeze();
        return _provider.CreateAsyncScope();
    }

    private static async Task<int> WriteAndCountAsync(AsyncServiceScope scope)
    {
        var db = scope.ServiceProvider.GetRequiredService<NotesContext>();
        using (RouteScope.BeginCommand())
        {
            db.Add(new Note { Text = "second" });
            await db.SaveChangesAsync();
        }

        using (RouteScope.BeginQuery())
            return await db.Notes.AsNoTracking().CountAsync();
    }
}
