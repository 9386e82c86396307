using Cqrs.Routing;
using FluentValidation;
using MediatR;
using Sample.Api.Demo;
using Sample.Api.Jobs;
using Sample.Api.Traces;
using Sample.Application.Abstractions;
using Sample.Application.Customers;
using Sample.Application.Domain;
using Sample.Application.Orders;
using Sample.Infrastructure.Replication;

namespace Sample.Api.Tour;

/// <summary>What the tour shows, in order. A step may use what the steps before it did.</summary>
/// <param name="replication">Frozen and released between the steps, so that the lag is there when a step needs it.</param>
/// <param name="canPause">Whether it can be frozen; if not, the steps that need a lag are left out.</param>
internal sealed class TourSteps(IReplication replication, bool canPause)
{
    // New in every run, for databases that outlive one.
    private readonly string _visitor = $"visitor-{Guid.NewGuid():N}@example.com";
    private int _order;
    private string? _session;

    public IEnumerable<TourStep> All() =>
        [.. Basics(), .. canPause ? Lag() : [], .. Replicated(), .. InsideCommands(), .. canPause ? Validation() : [], .. canPause ? Sessions() : OneMore(), .. Others()];

    private IEnumerable<TourStep> Basics()
    {
        yield return new(
            "a query reads the replica",
            [OnReplica<ListOrders>()],
            async (scope, token) => (await Send(scope, new ListOrders(), token)).Count > 0);
        yield return new(
            "a command runs on the primary, and so does what it reads",
            [OnPrimary<PlaceOrder>()],
            async (scope, token) =>
            {
                if (canPause)
                    await replication.PauseAsync(token);
                _order = await Send(scope, NewOrder(), token);
                return _order > 0;
            });
    }

    private IEnumerable<TourStep> Lag()
    {
        yield return new(
            "the replica lags: right after the write it does not have the order",
            [OnReplica<GetOrder>()],
            async (scope, token) => await Send(scope, new GetOrder(_order), token) is null);
        yield return new(
            "ForcePrimary: the same query finds it on the primary",
            [OnPrimary<GetOrder>(RouteReason.ForcedPrimary)],
            async (scope, token) =>
            {
                using var primary = RouteScope.ForcePrimary();
                return await Send(scope, new GetOrder(_order), token) is not null;
            });
    }

    private IEnumerable<TourStep> Replicated()
    {
        yield return new(
            "after replication the replica has it",
            [OnReplica<GetOrder>()],
            async (scope, token) =>
            {
                await replication.CatchUpAsync(token);
                return await Send(scope, new GetOrder(_order), token) is not null;
            });
    }

    private IEnumerable<TourStep> InsideCommands()
    {
        yield return new(
            "a query inside a command's transaction sees the payment that is not committed yet",
            [OnPrimary<PayOrder>(), OnPrimary<GetCustomerTotal>(RouteReason.InsideCommand)],
            async (scope, token) =>
            {
                if (canPause)
                    await replication.PauseAsync(token);
                return (await Send(scope, new PayOrder(_order), token)).Customer is { PaidOrders: 1, Points: > 0 };
            });
    }

    private IEnumerable<TourStep> Validation()
    {
        yield return new(
            "the replica still shows the order as unpaid; a validation rule inside a command reads the primary and refuses",
            [OnReplica<GetOrder>(), OnPrimary<PayOrder>()],
            async (scope, token) =>
                await Send(scope, new GetOrder(_order), token) is { Status: OrderStatus.Placed }
                && await FailsWith<ValidationException>(() => Send(scope, new PayOrder(_order), token)));
    }

    private IEnumerable<TourStep> Sessions()
    {
        yield return new(
            "read your own writes: a command and a query in one scope, while the replica lags",
            [OnPrimary<PlaceOrder>(), OnPrimary<GetOrder>(RouteReason.NotCaughtUp)],
            async (scope, token) =>
            {
                await replication.PauseAsync(token);
                _order = await Send(scope, NewOrder(), token);
                var seen = await Send(scope, new GetOrder(_order), token);
                _session = await SessionOf(scope).GetTokenAsync(token);
                return seen is { Status: OrderStatus.Placed } && _session is not null;
            });
        yield return new(
            "the next request of the same session carries a token: the replica is asked, has not caught up, and the primary answers",
            [OnPrimary<GetOrder>(RouteReason.NotCaughtUp)],
            async (scope, token) => SessionOf(scope).TryResume(_session) && await Send(scope, new GetOrder(_order), token) is not null);
        yield return new(
            "another session reads the replica, as it is",
            [OnReplica<GetOrder>()],
            async (scope, token) => await Send(scope, new GetOrder(_order), token) is null);
        yield return new(
            "a job that carries the token finds the order too",
            [OnPrimary<GetOrder>(RouteReason.NotCaughtUp)],
            async (scope, token) => await scope.GetRequiredService<ConfirmationHandler>().HandleAsync(new(_order, _session), token) is not null);
        yield return new(
            "after replication the session is back on the replica, and goes on to carry what another replica may not have",
            [OnReplica<GetOrder>()],
            async (scope, token) =>
            {
                await replication.CatchUpAsync(token);
                return SessionOf(scope).TryResume(_session)
                    && await Send(scope, new GetOrder(_order), token) is not null
                    && await SessionOf(scope).GetTokenAsync(token) is not null;
            });
    }

    // The order before is paid, and what comes needs an open one.
    private IEnumerable<TourStep> OneMore()
    {
        yield return new(
            "a second order",
            [OnPrimary<PlaceOrder>()],
            async (scope, token) => (_order = await Send(scope, NewOrder(), token)) > 0);
    }

    private IEnumerable<TourStep> Others()
    {
        yield return new(
            "a command without a result is a command too",
            [OnPrimary<CancelOrder>()],
            async (scope, token) =>
            {
                await scope.GetRequiredService<ISender>().Send(new CancelOrder(_order), token);
                return true;
            });
        yield return new(
            "get-or-create: the customer is tracked, so it comes from the primary, in one read",
            [new(nameof(RouteScope), DatabaseRole.Primary, RouteReason.ForcedPrimary)],
            async (scope, token) =>
            {
                await replication.CatchUpAsync(token);
                return await GetOrCreate(scope, _visitor, token) is { Created: false };
            });
        yield return new(
            "get-or-create: a new customer is created on the primary",
            [new(nameof(RouteScope), DatabaseRole.Primary, RouteReason.ForcedPrimary)],
            async (scope, token) => await GetOrCreate(scope, "new-" + _visitor, token) is { Created: true });
        yield return new(
            "a query that writes is refused before anything is sent",
            [OnReplica<MarkOrderSeen>()],
            (scope, token) => FailsWith<QueryWriteException>(() => Send(scope, new MarkOrderSeen(_order), token)))
        { Servers = new HashSet<DatabaseRole>() };
        yield return new(
            "a stream stays on the replica to its last row",
            [OnReplica<ExportOrders>()],
            async (scope, token) =>
                await scope.GetRequiredService<ISender>().CreateStream(new ExportOrders(), token).CountAsync(token) > 0);
    }

    private PlaceOrder NewOrder() => new(_visitor, "Visitor", [new("Abacus", 1, 24.90m)]);

    private static RouteStep OnReplica<TRequest>() => new(typeof(TRequest).Name, DatabaseRole.Replica, RouteReason.Query);

    private static RouteStep OnPrimary<TRequest>(RouteReason reason = RouteReason.Command) => new(typeof(TRequest).Name, DatabaseRole.Primary, reason);

    private static RoutingSession SessionOf(IServiceProvider scope) => scope.GetRequiredService<RoutingSession>();

    private static Task<T> Send<T>(IServiceProvider scope, IRequest<T> request, CancellationToken cancellationToken) =>
        scope.GetRequiredService<ISender>().Send(request, cancellationToken);

    private static Task<(Customer Customer, bool Created)> GetOrCreate(IServiceProvider scope, string email, CancellationToken cancellationToken) =>
        scope.GetRequiredService<ICustomerRepository>().GetOrCreateAsync(email, "Visitor", cancellationToken);

    private static async Task<bool> FailsWith<TException>(Func<Task> act)
        where TException : Exception
    {
        try
        {
            await act();
            return false;
        }
        catch (TException)
        {
            return true;
        }
    }
}
