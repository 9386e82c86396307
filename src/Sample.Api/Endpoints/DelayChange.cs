namespace Sample.Api.Endpoints;

/// <summary>A new replication delay.</summary>
internal sealed record DelayChange(double DelaySeconds);
