using Microsoft.EntityFrameworkCore.Storage;

namespace Sample.Tests.Persistence;

/// <summary>What <c>EnableRetryOnFailure</c> is on a server, for a time-out and at once.</summary>
internal sealed class RetryOnce(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, maxRetryCount: 1, maxRetryDelay: TimeSpan.Zero)
{
    protected override bool ShouldRetryOn(Exception exception) => exception is TimeoutException;
}
