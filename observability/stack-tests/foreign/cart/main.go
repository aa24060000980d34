// A service as anybody writes it with OpenTelemetry for Go. It knows nothing of this project: where its telemetry goes,
// and its name, come from the standard variables.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	spans, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	records, err := otlploghttp.New(ctx)
	if err != nil {
		return err
	}
	points, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return err
	}
	traces := sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans))
	logs := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(records)))
	metrics := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(points)))
	otel.SetTracerProvider(traces)
	otel.SetMeterProvider(metrics)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	reads, err := metrics.Meter("cart").Int64Counter("cart.reads", metric.WithUnit("{cart}"))
	if err != nil {
		return err
	}

	routes := http.NewServeMux()
	routes.Handle("GET /cart/{id}", readCart(traces.Tracer("cart"), logs.Logger("cart"), reads))
	name := otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " /cart/{id}" })
	server := &http.Server{Handler: otelhttp.NewHandler(routes, "cart", name)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	go server.Serve(listener)
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(end), traces.Shutdown(end), logs.Shutdown(end), metrics.Shutdown(end))
}

// Knows every cart but "none", and fails for "broken".
func readCart(tracer trace.Tracer, logger log.Logger, reads metric.Int64Counter) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		ctx, span := tracer.Start(r.Context(), "SELECT carts", trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(
				attribute.String("db.system.name", "postgresql"),
				attribute.String("db.operation.name", "SELECT"),
				attribute.StringSlice("cart.ids", []string{id, "other"}),
			))
		defer span.End()
		reads.Add(ctx, 1, metric.WithAttributes(attribute.Bool("cart.known", id != "none")))
		span.AddEvent("row read", trace.WithAttributes(attribute.Int("rows", 1)))
		var record log.Record
		record.SetTimestamp(time.Now())
		record.SetSeverity(log.SeverityInfo)
		record.SetBody(attribute.MapValue(attribute.String("cart", id), attribute.Int("items", 2)))
		logger.Emit(ctx, record)
		switch id {
		case "none":
			http.NotFound(w, r)
		case "broken":
			err := errors.New("relation carts does not exist")
			span.RecordError(err)
			span.SetStatus(codes.Error, err.Error())
			http.Error(w, "broken", http.StatusInternalServerError)
		default:
			fmt.Fprintln(w, `{"items":2}`)
		}
	}
}
