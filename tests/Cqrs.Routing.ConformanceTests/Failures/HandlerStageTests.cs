using Cqrs.Routing.ConformanceTests.Configuration;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>Fallback at the stage <c>Handler</c>: the replica failed among rows, so the handler of the query runs again once.</summary>
public sealed class HandlerStageTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private int _handled;

    [Fact]
    public async Task A_query_that_dies_among_its_rows_runs_again()
    {
        await using var app = StartOn(Standby);

        var rows = await app.SendAsync(new Read(async handling => await CountUntilBrokenAsync(handling)));

        rows.ShouldBe(100_000);
        _handled.ShouldBe(2);
        app.Log.Counts.ShouldBe((1, 1));
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
    }

    [Fact]
    public async Task The_second_run_of_a_handler_reads_the_primarys_rows()
    {
        await using var app = StartOn(Standby);
        var names = new List<string>();

        var name = await app.SendAsync(new Read(async handling =>
        {
            var order = await handling.Db.Orders.AsNoTracking().SingleAsync();
            names.Add(order.Name);
            await CountUntilBrokenAsync(handling);
            return order.Name;
        }));

        name.ShouldBe(DatabasePair.Current);
        names.ShouldBe([DatabasePair.Replicated, DatabasePair.Current]);
    }

    [Fact]
    public async Task A_query_that_tracks_is_on_the_primary_and_never_fails_with_the_replica()
    {
        await using var app = StartOn(Standby);

        var name = await app.SendAsync(new Read(async handling =>
        {
            var order = await handling.Db.Orders.SingleAsync();
            _handled++;
            (await handling.Db.Database.SqlQueryRaw<string>(ManyRows).ToListAsync()).Count.ShouldBe(100_000);
            return order.Name;
        }));

        name.ShouldBe(DatabasePair.Current);
        _handled.ShouldBe(1);
        app.Log.Counts.ShouldBe((2, 0));
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.Tracking));
    }

    [Fact]
    public async Task A_query_runs_again_and_keeps_what_an_earlier_request_of_its_scope_tracked()
    {
        await using var app = StartOn(Standby);

        await app.InScopeAsync(async handling =>
        {
            Order? earlier = null;
            await handling.Sender.Send(new Write(async inner => earlier = await inner.Db.Orders.SingleAsync()));
            // The replica has what the command\'s session needs.
            await Pair.ReplicateAsync();
            (await handling.Sender.Send(new Read(async inner => await CountUntilBrokenAsync(inner)))).ShouldBe(100_000);

            handling.Db.Entry(earlier!).State.ShouldBe(EntityState.Unchanged);
            earlier!.Name.ShouldBe(DatabasePair.Current);
        });

        _handled.ShouldBe(2);
    }

    [Fact]
    public async Task An_inner_query_that_dies_among_its_rows_runs_again_without_the_outer_query()
    {
        var outer = 0;
        await using var app = StartOn(Standby);

        await app.SendAsync(new Read(async handling =>
        {
            outer++;
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
            await handling.Sender.Send(new Read(async inner => await CountUntilBrokenAsync(inner)));
            handling.Db.ChangeTracker.Entries().ShouldBeEmpty();
        }));

        (outer, _handled).ShouldBe((1, 2));
    }

    [Fact]
    public async Task An_inner_query_does_not_run_again_after_the_outer_query_attached_an_entity()
    {
        var outer = 0;
        await using var app = StartOn(Standby);

        await Should.ThrowAsync<NpgsqlException>(() => app.SendAsync(new Read(async handling =>
        {
            outer++;
            handling.Db.Attach(new Tag { Id = 1, Label = "new" });
            await handling.Sender.Send(new Read(async inner => await CountUntilBrokenAsync(inner)));
        })));

        (outer, _handled).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(ContextLifetime.Factory)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_context_that_was_disposed_before_the_second_run_is_left_alone(ContextLifetime lifetime)
    {
        var log = new LogLines();
        await using var app = StartOn(Standby, configure: options =>
        {
            options.Lifetime = lifetime;
            options.ConfigureServices = services => log.AddTo(services);
        });
        ShopContext? leasedAgain = null;

        var name = await app.SendAsync(new Read(async handling =>
        {
            leasedAgain?.Dispose();
            await using var db = await handling.Factory.CreateDbContextAsync();
            var order = await db.Orders.AsNoTracking().SingleAsync();
            try
            {
                await CountUntilBrokenAsync(db);
            }
            finally
            {
                await db.DisposeAsync();
                leasedAgain = await handling.Factory.CreateDbContextAsync();
                leasedAgain.Attach(new Tag { Id = 7, Label = "somebody else's" });
            }

            leasedAgain.Dispose();
            return order.Name;
        }));

        name.ShouldBe(DatabasePair.Current);
        _handled.ShouldBe(2);
        var line = log.All.Single(static line => line.Contains("continues on the primary", StringComparison.Ordinal));
        line.ShouldStartWith("Read continues on the primary: the replica of ShopContext at tcp://");
        // The server may say that it shuts down, or only close its socket.
        line.ShouldContain("(Handler; ");
    }

    [Fact]
    public async Task A_query_in_a_transaction_of_its_own_runs_again_in_a_new_one()
    {
        await using var app = StartOn(Standby);

        var name = await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            if (_handled++ == 0)
            {
                (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Replicated);
                await BreakSocketsAsync();
            }

            return await NameAsync(handling.Db);
        }));

        name.ShouldBe(DatabasePair.Current);
        _handled.ShouldBe(2);
    }

    [Fact]
    public async Task A_query_does_not_run_again_after_the_bare_connection_was_handed_out() => await ShouldFailAsync(async handling =>
    {
        handling.Db.Database.GetDbConnection();
        await CountUntilBrokenAsync(handling);
    });

    [Fact]
    public async Task A_query_does_not_run_again_after_it_sent_a_command()
    {
        await using var app = StartOn(Standby, configure: options => options.ConfigureRouting = routing => routing.AllowCommandsInQueries = true);

        await Should.ThrowAsync<NpgsqlException>(() => app.SendAsync(new Read(async handling =>
        {
            await handling.Sender.Send(new Write(_ => Task.CompletedTask));
            await Pair.ReplicateAsync();
            await CountUntilBrokenAsync(handling);
        })));

        _handled.ShouldBe(1);
    }

    // A second run would attach it again, which EF refuses, or add it twice.
    [Theory]
    [InlineData(EntityState.Unchanged)]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Added)]
    public async Task A_query_does_not_run_again_after_it_tracked_an_entity_itself(EntityState state) => await ShouldFailAsync(async handling =>
    {
        handling.Db.Entry(new Tag { Id = 7, Label = "new" }).State = state;
        await CountUntilBrokenAsync(handling);
    });

    [Fact]
    public async Task A_query_does_not_run_again_for_an_exception_of_its_handler()
    {
        await using var app = StartOn(Standby);

        await Should.ThrowAsync<ApplicationException>(() => app.SendAsync(new Read(async handling =>
        {
            try
            {
                await CountUntilBrokenAsync(handling);
            }
            catch (NpgsqlException e)
            {
                throw new ApplicationException("handled", e);
            }
        })));

        _handled.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_does_not_run_again_after_its_first_element()
    {
        await using var app = StartOn(Standby);

        await app.InScopeAsync(async handling =>
        {
            var elements = 0;
            await Should.ThrowAsync<NpgsqlException>(async () =>
            {
                await foreach (var element in handling.Sender.CreateStream(new ReadStream(inner => inner.Db.Database.SqlQueryRaw<string>(ManyRows).AsAsyncEnumerable())))
                {
                    if (elements++ == 0)
                        await BreakSocketsAsync();
                }
            });
            elements.ShouldBeGreaterThan(0);
        });

        app.Log.Counts.ShouldBe((0, 1));
    }

    private async Task ShouldFailAsync(Func<Handling, Task> body)
    {
        await using var app = StartOn(Standby);

        await Should.ThrowAsync<NpgsqlException>(() => app.SendAsync(new Read(body)));

        _handled.ShouldBe(1);
        app.Log.OnPrimary.ShouldBeEmpty();
    }

    private Task<int> CountUntilBrokenAsync(Handling handling) => CountUntilBrokenAsync(handling.Db);

    private async Task<int> CountUntilBrokenAsync(ShopContext db)
    {
        var breaks = _handled++ == 0;
        var rows = 0;
        await foreach (var row in db.Database.SqlQueryRaw<string>(ManyRows).AsAsyncEnumerable())
        {
            if (rows++ == 0 && breaks)
                await BreakSocketsAsync();
        }

        return rows;
    }
}
