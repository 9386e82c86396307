using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Group L: a session sees its own writes, and a session without writes sends no position query.</summary>
public sealed class ReadYourWritesTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Theory]
    [Trait("Case", "C227")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_wrote_nothing_asks_nothing(bool async)
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            var read = new Read(async handling => async ? await handling.Db.Orders.CountAsync() : handling.Db.Orders.Count());
            await scope.Sender.Send(read);
            await scope.Sender.Send(read);
            (await TokenOf(scope)).ShouldBeNull();
        });

        app.Log.Counts.ShouldBe((0, 2));
        Positions.Reads.ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_command_alone_costs_no_round_trip()
    {
        await using var app = StartWithPositions();

        await app.SendAsync(Rename("written"));

        app.Log.Counts.ShouldBe((1, 0));
        Positions.Reads.ShouldBe((0, 0));
    }

    [Theory]
    [Trait("Case", "C239")]
    [Trait("Case", "C252")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_or_a_job_leaves_nothing_behind_in_its_flow_even_if_it_throws(bool mediated)
    {
        await using var app = StartWithPositions();

        await Should.ThrowAsync<TimeoutException>(() => app.InScopeAsync(async scope =>
        {
            if (mediated)
            {
                await scope.Sender.Send(new Write(async handling =>
                {
                    await RenameAsync(handling.Db, "written");
                    throw new TimeoutException();
                }));
            }

            using (SessionOf(scope).Begin())
            {
                await RenameAsync(scope.Db, "written");
                throw new TimeoutException();
            }
        }));

        RoutingSession.Current.ShouldBeNull();
        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated, "another request's session is not this one's");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_query_of_the_scope_sees_the_write_on_the_primary_while_the_replica_lags(bool async)
    {
        await using var app = StartWithPositions();
        var runs = 0;

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written"));
            app.Log.Clear();
            var name = await scope.Sender.Send(new Read(async handling =>
            {
                runs++;
                return async ? (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name : handling.Db.Orders.AsNoTracking().Single().Name;
            }));
            name.ShouldBe("written");
        });

        runs.ShouldBe(1);
        app.Log.Counts.ShouldBe((1, 0));
        Positions.Reads.ShouldBe((1, 1));
        RouteOf<Read>(app).ShouldBe(new(typeof(Read), typeof(ShopContext), DatabaseRole.Primary, RouteReason.NotCaughtUp));
        app.Routes.GetRecords<Read>().Count(record => record.Context is not null).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C231")]
    public async Task Another_request_with_the_token_sees_the_write_and_a_request_without_it_does_not()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");

        (await ReadAsync(app, token)).ShouldBe("written");
        (await ReadAsync(app, null)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task Once_the_replica_has_caught_up_it_serves_and_is_not_asked_again()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");
        await Pair.ReplicateAsync();
        app.Log.Clear();

        await app.InScopeAsync(async scope =>
        {
            SessionOf(scope).TryResume(token);
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
            // Another replica of the same primary may not be as far.
            (await TokenOf(scope)).ShouldNotBeNull();
        });
        (await ReadAsync(app, token)).ShouldBe("written");

        app.Log.Counts.ShouldBe((0, 3));
        Positions.Reads.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C235")]
    public async Task The_position_is_the_one_after_the_commit()
    {
        await using var app = StartWithPositions();
        string? token = null;

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(async handling =>
            {
                await using var transaction = await handling.Db.Database.BeginTransactionAsync();
                await RenameAsync(handling.Db, "written");
                // A replica that has all this has not got the commit.
                await Pair.ReplicateAsync();
                await transaction.CommitAsync();
            }));
            token = await TokenOf(scope);
        });

        (await ReadAsync(app, token)).ShouldBe("written");
        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Primary);
    }

    [Fact]
    public async Task Several_contexts_of_one_command_cost_one_position()
    {
        await using var app = StartWithPositions(configure: options => options.Lifetime = ContextLifetime.Factory);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(async handling =>
            {
                for (var number = 0; number < 3; number++)
                {
                    await using var db = await handling.Factory.CreateDbContextAsync();
                    await RenameAsync(db, $"written {number}");
                }
            }));
            await scope.Sender.Send(Rename("written"));
            (await TokenOf(scope)).ShouldNotBeNull();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });

        Positions.Reads.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C233")]
    public async Task What_was_written_longer_ago_than_a_token_lives_is_not_asked_for()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = StartWithPositions(configure: options => options.ConfigureServicesLater = services => services.AddSingleton<TimeProvider>(clock));

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written"));
            (await TokenOf(scope)).ShouldNotBeNull();
            clock.Advance(TimeSpan.FromSeconds(60));
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });

        Positions.Reads.ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_child_scope_inside_a_request_belongs_to_its_session()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written"));
            var name = await scope.Sender.Send(new Read(async outer =>
            {
                await using var child = outer.Services.CreateAsyncScope();
                return await new Handling(child.ServiceProvider, CancellationToken.None).Sender.Send(ReadName);
            }));
            name.ShouldBe("written");
        });
    }

    [Fact]
    public async Task Parallel_queries_of_one_session_read_the_position_once()
    {
        // Long enough for all of them to find it unread.
        Positions.OnPrimary = PositionSources.PostgreSql.PrimaryCommandText + " CROSS JOIN pg_sleep(0.3)";
        // Else each one that is done has seen more of the primary than those that begin after it know.
        await using var app = StartWithPositions(replica => replica.MonotonicReads = false, options => options.Lifetime = ContextLifetime.Factory);
        var read = new Read(async handling =>
        {
            await using var db = await handling.Factory.CreateDbContextAsync();
            return (await db.Orders.AsNoTracking().SingleAsync()).Name;
        });

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(async handling =>
            {
                await using var db = await handling.Factory.CreateDbContextAsync();
                await RenameAsync(db, "written");
            }));
            var names = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scope.Sender.Send(read)));
            names.ShouldAllBe(name => Equals(name, "written"));
        });

        Positions.Reads.Primary.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_of_one_user_does_not_affect_other_users_even_on_pooled_contexts()
    {
        await using var app = StartWithPositions(configure: options => options.Lifetime = ContextLifetime.Pooled);

        for (var round = 0; round < 3; round++)
        {
            await app.SendAsync(Rename($"written {round}"));
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        }

        Positions.Reads.ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_position_of_a_query_that_begins_a_transaction_is_checked_before_the_transaction()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");

        (await RequestAsync(app, token, sender => sender.Send(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
        })))).Result.ShouldBe("written");
        (await RequestAsync(app, token, sender => sender.Send(new Read(handling =>
        {
            using var transaction = handling.Db.Database.BeginTransaction();
            return Task.FromResult<object?>(handling.Db.Orders.AsNoTracking().Single().Name);
        })))).Result.ShouldBe("written");

        await Pair.ReplicateAsync();
        app.Log.Clear();
        (await RequestAsync(app, token, sender => sender.Send(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
        })))).Result.ShouldBe("written");
        app.Log.Counts.ShouldBe((0, 1));
    }
}
