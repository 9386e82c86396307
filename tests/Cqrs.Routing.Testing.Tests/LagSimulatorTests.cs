using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Testing.Tests;

/// <summary>The lag simulator: lag that a test controls without a server and without a clock.</summary>
public sealed class LagSimulatorTests
{
    [Fact]
    public async Task Replication_flows_until_it_is_frozen()
    {
        await using var app = await NotesApp.StartAsync();
        await app.AddAsync("one");
        (await app.SendAsync(new ListNotes())).ShouldBe("one");

        app.Lag.Freeze();
        await app.AddAsync("two");

        (await app.SendAsync(new ListNotes())).ShouldBe("one");
        app.Lag.IsFrozen.ShouldBeTrue();
        app.Lag.Lag.ShouldBe(1);
        app.Lag.Commands.AssertCounts(primary: 2, replica: 2);
    }

    [Fact]
    public async Task A_frozen_replica_shows_what_was_committed_when_it_was_frozen()
    {
        await using var app = await NotesApp.StartAsync();
        await app.AddAsync("one");

        app.Lag.Freeze();

        (await app.SendAsync(new ListNotes())).ShouldBe("one");
    }

    [Fact]
    public async Task A_frozen_replica_advances_commit_by_commit()
    {
        await using var app = await NotesApp.StartAsync();
        app.Lag.Freeze();
        foreach (var text in (string[])["one", "two", "three"])
            await app.AddAsync(text);

        app.Lag.Advance();
        (await app.SendAsync(new ListNotes())).ShouldBe("one");
        app.Lag.Advance(2);
        (await app.SendAsync(new ListNotes())).ShouldBe("one two three");
        await app.AddAsync("four");

        app.Lag.Lag.ShouldBe(1);
        (await app.SendAsync(new ListNotes())).ShouldBe("one two three");
    }

    [Fact]
    public async Task Catching_up_lets_replication_flow_again()
    {
        await using var app = await NotesApp.StartAsync();
        app.Lag.Freeze();
        await app.AddAsync("one");

        app.Lag.CatchUp();
        (await app.SendAsync(new ListNotes())).ShouldBe("one");
        await app.AddAsync("two");

        (await app.SendAsync(new ListNotes())).ShouldBe("one two");
        app.Lag.IsFrozen.ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_reads_its_own_write_on_the_primary_until_the_replica_has_it()
    {
        await using var app = await NotesApp.StartAsync();
        app.Lag.Freeze();

        await app.InScopeAsync(async scope =>
        {
            var sender = scope.GetRequiredService<ISender>();
            await sender.Send(new AddNote("mine"));
            (await sender.Send(new ListNotes())).ShouldBe("mine");
            app.Routes.AssertRoute<ListNotes>(DatabaseRole.Primary, RouteReason.NotCaughtUp);

            app.Routes.Clear();
            app.Lag.Advance();
            (await sender.Send(new ListNotes())).ShouldBe("mine");
            app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica, RouteReason.Query);
            return 0;
        });

        app.Lag.Commands.AssertCounts(primary: 2, replica: 1);
    }

    [Fact]
    public async Task A_transaction_is_one_commit_and_not_replicated_before()
    {
        await using var app = await NotesApp.StartAsync();
        app.Lag.Freeze();

        await app.InScopeAsync(async scope =>
        {
            var db = scope.GetRequiredService<NotesContext>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Notes.Add(new() { Text = "one" });
            await db.SaveChangesAsync();
            db.Notes.Add(new() { Text = "two" });
            await db.SaveChangesAsync();
            app.Lag.Lag.ShouldBe(0);
            await transaction.CommitAsync();
            app.Lag.Lag.ShouldBe(1);
            return 0;
        });

        app.Lag.Advance();
        (await app.SendAsync(new ListNotes())).ShouldBe("one two");
    }

    [Fact]
    public async Task Writes_past_EF_are_replicated()
    {
        await using var app = await NotesApp.StartAsync();

        using (var connection = new SqliteConnection(app.Lag.Primary))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO Notes (Text) VALUES ('raw')";
            command.ExecuteNonQuery();
        }

        (await app.SendAsync(new ListNotes())).ShouldBe("raw");
    }

    [Fact]
    public async Task Options_of_the_replica_can_be_chosen()
    {
        await using var app = await NotesApp.StartAsync();
        var options = new DbContextOptionsBuilder<NotesContext>();

        Should.Throw<ArgumentOutOfRangeException>(() => options.UseLagSimulator(app.Lag, replica => replica.MaxCatchUpWait = TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void A_frozen_replica_does_not_advance_past_the_primary()
    {
        using var lag = new LagSimulator();
        lag.Freeze();

        Should.Throw<ArgumentOutOfRangeException>(() => lag.Advance()).Message.ShouldStartWith("The replica lags by 0 commits.");
    }

    [Fact]
    public void A_replica_that_is_not_frozen_cannot_be_advanced()
    {
        using var lag = new LagSimulator();

        Should.Throw<InvalidOperationException>(() => lag.Advance()).Message.ShouldContain("Call Freeze");
    }

    [Fact]
    public void Disposing_the_simulator_deletes_its_files()
    {
        var lag = new LagSimulator();
        var file = new SqliteConnectionStringBuilder(lag.Primary).DataSource;
        File.Exists(file).ShouldBeTrue();

        lag.Dispose();

        Directory.Exists(Path.GetDirectoryName(file)).ShouldBeFalse();
    }
}
