package main

import (
	"context"
	"net"
	"net/http"

	"cosmossdk.io/log"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/server/api"
	"github.com/cosmos/cosmos-sdk/server/config"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
)

// served is a chain as a node of the SDK serves it, without a port: gRPC, and REST in front of it.
type served struct {
	grpc *grpc.ClientConn
	rest http.Handler
	stop func()
}

func (w *world) serve() (*served, error) {
	registry := w.app.Codec.InterfaceRegistry()
	wire := codec.NewProtoCodec(registry).GRPCCodec()
	server := grpc.NewServer(grpc.ForceServerCodec(wire))
	w.app.RegisterGRPCServer(server)
	listener := bufconn.Listen(1 << 20)
	go server.Serve(listener) //nolint:errcheck // ends when it is stopped
	dial := grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })
	conn, err := grpc.NewClient("passthrough:///chain", dial, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(wire)))
	if err != nil {
		return nil, err
	}
	about := client.Context{}.WithCodec(w.app.Codec).WithInterfaceRegistry(registry).WithTxConfig(w.app.TxConfig).WithChainID(w.plan.chainID).WithGRPCClient(conn)
	gateway := api.New(about, log.NewNopLogger(), server)
	w.app.RegisterAPIRoutes(gateway, config.APIConfig{})
	return &served{conn, gateway.GRPCGatewayRouter, server.Stop}, nil
}

// asIs is a codec for messages that are bytes already.
type asIs struct{}

func (asIs) Marshal(value any) ([]byte, error)       { return *value.(*[]byte), nil }
func (asIs) Unmarshal(bytes []byte, value any) error { *value.(*[]byte) = bytes; return nil }
func (asIs) Name() string                            { return "proto" }
