using Cqrs.Routing.EntityFrameworkCore.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Connections;

#pragma warning disable EF1001 // It is tested where every tracked row passes through.

/// <summary>The last check against wrong tracking. No known statement reaches it, so the tests mark an execution themselves.</summary>
public sealed class RoutedQueryContextTests
{
    [Fact]
    public void A_statement_that_was_taken_for_an_untracked_one_tracks_nothing()
    {
        using var db = new NotesContext();
        var execution = Execute(db, entity: null);

        var error = Should.Throw<InvalidOperationException>(() => Track(execution));

        error.Message.ShouldContain($"{nameof(NotesContext)} tracks {nameof(Note)}");
        error.Message.ShouldContain("This is a defect of Cqrs.Routing");
        db.ChangeTracker.Entries().ShouldBeEmpty();
    }

    [Fact]
    public void A_statement_that_was_taken_for_a_tracking_one_tracks()
    {
        using var db = new NotesContext();

        Track(Execute(db, entity: nameof(Note)));

        db.ChangeTracker.Entries().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_statement_that_resolves_identities_beside_the_change_tracker_is_not_stopped()
    {
        using var db = new NotesContext();

        Track(Execute(db, entity: null, standAlone: true));

        db.ChangeTracker.Entries().ShouldBeEmpty();
    }

    private static QueryContext Execute(NotesContext db, string? entity, bool standAlone = false)
    {
        var execution = db.GetService<IQueryContextFactory>().Create();
        RoutedQueryContext.Mark(execution, entity);
        execution.InitializeStateManager(standAlone);
        return execution;
    }

    private static void Track(QueryContext execution) =>
        execution.StartTracking(execution.Context.Model.FindEntityType(typeof(Note))!, new Note { Id = 1 }, Snapshot.Empty);

    private sealed class Note
    {
        public int Id { get; set; }
    }

    private sealed class NotesContext : DbContext
    {
        public DbSet<Note> Notes => Set<Note>();

        // No server is asked.
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
            optionsBuilder.UseSqlite("Data Source=primary.db").UseReplica("Data Source=replica.db");
    }
}
