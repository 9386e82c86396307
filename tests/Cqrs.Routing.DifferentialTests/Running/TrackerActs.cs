using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>What a program does with a context's change tracker, and with what it holds.</summary>
public static class TrackerActs
{
    /// <returns>The answer, if there is one.</returns>
    public static async Task<string?> DoAsync(MarketContext db, Step.Act act, Registers registers)
    {
        switch (act.Verb)
        {
            case Verb.Local:
                return Local(db, act.Target);
            case Verb.HasChanges:
                return $"{db.ChangeTracker.HasChanges()}";
            case Verb.Clear:
                db.ChangeTracker.Clear();
                return null;
            case Verb.DetectChanges:
                db.ChangeTracker.DetectChanges();
                return null;
            case Verb.ToggleDetection:
                db.ChangeTracker.AutoDetectChangesEnabled = !db.ChangeTracker.AutoDetectChangesEnabled;
                return null;
            case Verb.AddNew:
                registers[act.Target, act.Register] = new(db.Add(NewEntities.Create(act, registers)).Entity, NotTracked: false);
                return null;
            case Verb.AttachStub:
                registers[act.Target, act.Register] = new(db.Attach(NewEntities.CreateStub(act)).Entity, NotTracked: false);
                return null;
        }

        return registers[act.Target, act.Register]?.Entity is { } entity ? await DoAsync(db, act, entity) : null;
    }

    private static async Task<string?> DoAsync(MarketContext db, Step.Act act, object entity)
    {
        switch (act.Verb)
        {
            case Verb.LoadCollection when CollectionOf(db, entity) is { } collection:
                await collection.LoadAsync();
                return Describe.Entity(entity);
            case Verb.LoadTags when entity is Customer customer:
                await db.Entry(customer).Collection(c => c.Tags).LoadAsync();
                return Describe.Entity(entity);
            case Verb.LoadReference when entity is Order order:
                await db.Entry(order).Reference(act.Amount % 2 == 0 ? nameof(Order.Customer) : nameof(Order.Product)).LoadAsync();
                return Describe.Entity(entity);
            case Verb.LoadAgain when CollectionOf(db, entity) is { } collection:
                collection.IsLoaded = false;
                await collection.LoadAsync();
                return Describe.Entity(entity);
            case Verb.ListCollection when CollectionOf(db, entity) is { } collection:
                var list = new List<object>();
                foreach (var element in collection.Query())
                    list.Add(element);
                return Describe.Join(list, Describe.Entity);
            case Verb.CountCollection when entity is Customer customer:
                return Describe.Value(await db.Entry(customer).Collection(c => c.Orders).Query().CountAsync());
            case Verb.Attach:
                db.Attach(entity);
                return null;
            case Verb.Update:
                db.Update(entity);
                return null;
            case Verb.Add:
                db.Add(entity);
                return null;
            case Verb.Remove:
                db.Remove(entity);
                return null;
            case Verb.AttachCopy when NewEntities.TryCopy(entity) is { } copy:
                db.Update(copy);
                return null;
            case Verb.Reload:
                await db.Entry(entity).ReloadAsync();
                return Describe.Entity(entity);
            case Verb.GetDatabaseValues:
                return await db.Entry(entity).GetDatabaseValuesAsync() is { } values ? Describe.Entity(values.ToObject()) : "gone";
            case Verb.SetDatabaseValues:
                // How an application gets over a concurrency conflict.
                if (await db.Entry(entity).GetDatabaseValuesAsync() is { } current)
                    db.Entry(entity).OriginalValues.SetValues(current);
                return null;
            case Verb.MarkModified:
                db.Entry(entity).State = EntityState.Modified;
                return null;
            case Verb.MarkDetached:
                db.Entry(entity).State = EntityState.Detached;
                return null;
            default:
                return null;
        }
    }

    private static CollectionEntry? CollectionOf(MarketContext db, object entity) => entity switch
    {
        Customer or Product => db.Entry(entity).Collection("Orders"),
        Tag => db.Entry(entity).Collection("Customers"),
        _ => null,
    };

    private static string Local(MarketContext db, Target target) => target switch
    {
        Target.Customer => Describe.Join(db.Customers.Local, Describe.Key),
        Target.Order => Describe.Join(db.Orders.Local, Describe.Key),
        Target.Product => Describe.Join(db.Products.Local, Describe.Key),
        _ => Describe.Join(db.Tags.Local, Describe.Key),
    };
}
