namespace Sample.Api.Endpoints;

/// <summary>The answer to an order: its number.</summary>
internal sealed record OrderPlaced(int Id);
