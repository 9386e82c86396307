namespace Sample.Api.Jobs;

/// <summary>To confirm an order, later and elsewhere.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Session">What whoever placed it had written by then; null if nothing.</param>
internal sealed record ConfirmationJob(int OrderId, string? Session);
