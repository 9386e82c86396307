using Cqrs.Routing.ConformanceTests.Tracking.Model;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>The code that sends requests in one scope. Without lag, the replica has all that was written before each step.</summary>
public sealed class Caller(Handling scope, DatabasePair pair, bool lags)
{
    public Handling Scope => scope;

    public TrackingContext Db => (TrackingContext)scope.Db;

    /// <summary>Brings the replica up to date, if it does not lag.</summary>
    public Task StepAsync() => lags ? Task.CompletedTask : pair.ReplicateAsync();

    public Task<T> QueryAsync<T>(Func<TrackingContext, Task<T>> body) => SendAsync(body, read => new Read(read));

    public Task<T> QueryOfPrimaryAsync<T>(Func<TrackingContext, Task<T>> body) => SendAsync(body, read => new ReadFromPrimaryQuery(read));

    public Task<T> CommandAsync<T>(Func<TrackingContext, Task<T>> body) => SendAsync(body, write => new Write(write));

    private async Task<T> SendAsync<T>(Func<TrackingContext, Task<T>> body, Func<Func<Handling, Task<object?>>, MediatR.IRequest<object?>> request)
    {
        await StepAsync();
        return (T)(await scope.Sender.Send(request(async handling => await body((TrackingContext)handling.Db))))!;
    }
}
